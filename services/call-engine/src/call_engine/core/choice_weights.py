"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 1.03,
    "words": 1.84,
    "concepts": 0.28,
    "topics": 2.50,
    "topics_ahead": -0.03,
    "serving": 4.08,
    "serving_ahead": 1.23,
    "remembered": 2.09,
    "remembered_ahead": 0.76,
    "singled_out": 2.48,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 4.80

"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.91,
    "words": 1.78,
    "concepts": 0.29,
    "topics": 2.43,
    "topics_ahead": -0.06,
    "serving": 4.03,
    "serving_ahead": 1.18,
    "remembered": 2.24,
    "remembered_ahead": 0.74,
    "singled_out": 2.62,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 5.06

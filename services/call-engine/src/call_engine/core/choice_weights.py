"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.76,
    "words": 1.76,
    "concepts": 0.33,
    "topics": 2.50,
    "topics_ahead": 0.01,
    "serving": 4.05,
    "serving_ahead": 1.10,
    "remembered": 2.11,
    "remembered_ahead": 0.71,
    "singled_out": 2.61,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 4.86

"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.78,
    "words": 1.74,
    "concepts": 0.61,
    "topics": 3.35,
    "topics_ahead": -0.29,
    "serving": 4.61,
    "serving_ahead": 2.33,
    "remembered": 2.77,
    "remembered_ahead": 0.59,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 2.74

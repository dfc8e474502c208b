"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.53,
    "words": 0.75,
    "concepts": 0.45,
    "example": 0.89,
    "topics": 3.80,
    "topics_ahead": -0.09,
    "serving": 2.62,
    "serving_ahead": 1.23,
    "remembered": 3.08,
    "remembered_ahead": 1.63,
    "company": 3.53,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 3.19

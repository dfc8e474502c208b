"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.49,
    "words": 0.74,
    "concepts": 0.73,
    "example": 0.68,
    "topics": 4.04,
    "topics_ahead": -0.34,
    "serving": 2.52,
    "serving_ahead": 2.28,
    "remembered": 2.79,
    "remembered_ahead": 2.01,
    "company": 2.84,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 3.86

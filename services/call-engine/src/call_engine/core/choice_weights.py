"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.17,
    "words": 0.62,
    "concepts": 0.30,
    "example": 1.16,
    "topics": 4.04,
    "topics_ahead": -0.21,
    "serving": 2.61,
    "serving_ahead": 1.24,
    "remembered": 2.99,
    "remembered_ahead": 1.44,
    "company": 3.54,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 3.13

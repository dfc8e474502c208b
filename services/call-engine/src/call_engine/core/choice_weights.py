"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.20,
    "words": 0.27,
    "concepts": 0.31,
    "example": 0.51,
    "topics": 4.09,
    "topics_ahead": -0.57,
    "serving": 2.84,
    "serving_ahead": 2.62,
    "remembered": 2.69,
    "remembered_ahead": 2.03,
    "company": 2.58,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 3.87

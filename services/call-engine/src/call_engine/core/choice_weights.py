"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.63,
    "words": 0.73,
    "concepts": 0.40,
    "example": 0.98,
    "topics": 3.77,
    "topics_ahead": -0.14,
    "serving": 2.55,
    "serving_ahead": 1.35,
    "remembered": 3.12,
    "remembered_ahead": 1.66,
    "company": 3.46,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 3.22

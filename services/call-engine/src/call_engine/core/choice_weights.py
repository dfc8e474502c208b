"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.33,
    "words": 0.55,
    "concepts": 0.29,
    "example": 1.02,
    "topics": 4.03,
    "topics_ahead": -0.24,
    "serving": 2.64,
    "serving_ahead": 1.18,
    "remembered": 3.28,
    "remembered_ahead": 1.72,
    "company": 3.36,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 3.25

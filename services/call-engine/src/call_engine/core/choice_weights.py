"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.57,
    "words": 0.19,
    "concepts": 0.96,
    "example": 0.56,
    "topics": 3.95,
    "topics_ahead": -0.38,
    "serving": 2.67,
    "serving_ahead": 2.92,
    "remembered": 2.24,
    "remembered_ahead": 1.95,
    "company": 2.12,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 3.55

"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": -0.05,
    "words": 0.78,
    "concepts": 0.22,
    "example": 1.15,
    "topics": 4.10,
    "topics_ahead": -0.21,
    "serving": 1.77,
    "serving_ahead": 1.52,
    "remembered": 2.79,
    "remembered_ahead": 1.34,
    "company": 3.36,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 2.35

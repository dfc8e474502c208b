"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.22,
    "words": 0.71,
    "concepts": 0.73,
    "example": 1.74,
    "topics": 3.55,
    "topics_ahead": 1.70,
    "serving": 3.27,
    "serving_ahead": 1.68,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 2.58

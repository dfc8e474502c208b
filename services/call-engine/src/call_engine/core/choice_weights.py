"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.34,
    "words": 0.88,
    "concepts": 0.63,
    "example": 1.68,
    "topics": 3.46,
    "topics_ahead": 1.39,
    "serving": 3.39,
    "serving_ahead": 1.47,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 2.42

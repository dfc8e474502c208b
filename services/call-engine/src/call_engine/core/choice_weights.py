"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.32,
    "words": 0.93,
    "concepts": 0.64,
    "example": 1.77,
    "topics": 3.49,
    "topics_ahead": 1.41,
    "serving": 3.38,
    "serving_ahead": 1.39,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 2.40

"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 1.94,
    "words": 1.46,
    "concepts": 0.77,
    "example": 2.27,
    "topics": 4.39,
    "ahead": 2.07,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 2.12

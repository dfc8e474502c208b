"""How much each sign of kinship between a wish and a label counts. Written by ``training/fit_choice.py``: data, not logic."""

from __future__ import annotations

WEIGHTS = {
    "meaning": 0.78,
    "words": 1.76,
    "concepts": 0.33,
    "topics": 2.53,
    "topics_ahead": 0.00,
    "serving": 4.03,
    "serving_ahead": 1.15,
    "remembered": 2.13,
    "remembered_ahead": 0.72,
    "singled_out": 2.57,
}
#: The odds of an option have to be higher for it to be taken.
ENOUGH = 4.95

"""Which key of a call-back offer keeps the line, and which gives it up: a wrong one loses the place in the queue."""

from __future__ import annotations

import pytest
from call_engine.core.menu import parse_menu
from call_engine.core.understanding.callback_offer import accepting, staying

OFFERS = [
    ("To keep your place in line and be called back, press 1. To continue to hold, press 2.", "2", "1"),
    ("Press 1 to keep your place in line. Press 2 if you would like us to call you back.", "1", "2"),
    ("To keep your place in line, press 1.", None, "1"),
    ("To keep your place without staying on the line, press 1.", None, "1"),
    ("To hang up without losing your place, press 1. To stay on the line, press 2.", "2", "1"),
    ("If you would rather have us call you back, press 1. You will keep your place in line.", None, "1"),
    ("if you would rather have us call you back press 1 you will keep your place in line you are caller number 3 in the queue", None, "1"),
    ("For a call back press 1. Otherwise, please remain on the line.", None, "1"),
]


@pytest.mark.parametrize(("offer", "stay", "accept"), OFFERS)
def test_which_key_stays_and_which_accepts(offer: str, stay: str | None, accept: str) -> None:
    options = parse_menu(offer).options
    staying_option, accepting_option = staying(options), accepting(options)
    assert (staying_option.digits if staying_option else None) == stay
    assert accepting_option is not None
    assert accepting_option.digits == accept

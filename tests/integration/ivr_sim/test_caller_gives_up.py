"""A caller who gives up in the very moment of being answered ends his own call, and not the company."""

from __future__ import annotations

from typing import Any

import pjsua2 as pj
from ivr_sim.sip import answer


class GivenUp:
    """A call whose CANCEL has arrived, though nobody was told yet."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def answer(self, order: Any) -> None:
        self.asked.append(order.statusCode)
        raise pj.Error


def test_answering_a_caller_who_has_given_up_is_no_fault() -> None:
    call = GivenUp()
    answer(call, 200)
    assert call.asked == [200]

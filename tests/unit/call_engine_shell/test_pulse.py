"""The beat of the engine when lines bring more than one frame each: everybody else still gets a turn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from call_engine.core.happenings import Answered, LineFact
from call_engine.pulse import Pulse
from call_engine.session import Session
from numpy.typing import NDArray

from tests.support.engine_under_test import ScriptedEars

BACKLOG = 50


class LateLine:
    """Brings everything that was heard in the last second at once."""

    lost_frames = lost_packets = 0

    async def poll(self) -> tuple[Sequence[LineFact], NDArray[np.int16]]:
        return (Answered(codec="PCMU"),), np.zeros((BACKLOG, 160), dtype=np.int16)


class HeardSession:
    """Writes down what it is given, and what was ordered by then."""

    ended = False

    def __init__(self) -> None:
        self.line = LateLine()
        self.orders: list[int] = []
        self.facts: list[int] = []
        self.ordered_at: list[int] = []

    async def beat(self, facts: Sequence[LineFact], *_heard: object) -> None:
        self.facts.append(len(facts))
        self.ordered_at.append(len(self.orders))


def pulse_with(*sessions: HeardSession) -> Pulse:
    async def failed(_session: Session, error: Exception) -> None:
        raise error

    pulse = Pulse(ScriptedEars(), failed=failed, over=lambda _session: None)
    for session in sessions:
        pulse.add(cast(Any, session))
    return pulse


async def test_an_order_given_while_much_is_made_up_for_is_obeyed_before_all_of_it_is_heard() -> None:
    session = HeardSession()

    async def someone_orders() -> None:
        for number in range(3):
            session.orders.append(number)
            await asyncio.sleep(0)

    ordering = asyncio.create_task(someone_orders())
    await pulse_with(session, HeardSession()).beat()
    await ordering
    assert len(session.ordered_at) == BACKLOG
    assert session.ordered_at[:4] == [0, 1, 2, 3]


async def test_what_the_line_says_comes_once_with_the_first_of_its_frames() -> None:
    session = HeardSession()
    await pulse_with(session).beat()
    assert session.facts == [1] + [0] * (BACKLOG - 1)


async def test_a_call_added_in_the_middle_of_a_beat_is_heard_from_the_next_one_on() -> None:
    session, later = HeardSession(), HeardSession()
    pulse = pulse_with(session)

    async def another_call() -> None:
        pulse.add(cast(Any, later))

    adding = asyncio.create_task(another_call())
    await pulse.beat()
    await adding
    assert (len(session.facts), len(later.facts)) == (BACKLOG, 0)
    await pulse.beat()
    assert len(later.facts) == BACKLOG

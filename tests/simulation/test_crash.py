"""The engine dies at event n of a call, n = 0, 1, 2 …: the next one finds its real journal; nothing is lost or learned wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest
from call_contract.call_events import AnyCallEvent, CallEnded, CallOutcome, CallRequested, decode, encode, event_type
from call_contract.streams import event_id
from call_engine.core.plan import Explore, Plan
from call_engine.journal.file import Journal, JournalHeader
from call_engine.journal.recovery import bring_home, left_behind
from event_log.memory import MemoryEventLog
from event_log.records import NO_STREAM, NewEvent
from flow_api.domain.errors import Invalid
from flow_api.domain.flow import INITIAL, State, call_flow, fold
from flow_api.domain.lesson import Lesson, decide_lesson, lesson_of, refuse_unlearnable
from ivr_sim.generate import generate
from ivr_sim.world import World

from tests.simulation.campaign import AT, main_path_digits, word_level
from tests.simulation.test_word_level import SIMILARITY
from tests.support.virtual_call import CallRecord

#: A plain tree; a bot to be spoken to; data to be skipped by a key and tones that must be in the audio; a queue that gives up.
WORLDS = (generate(2), generate(2013), generate(30), generate(2087))
STREAM = "call-c1"
NOW = "2026-03-02T11:00:00.000Z"


def a_whole_call(world: World) -> tuple[CallRecord, list[AnyCallEvent]]:
    goal = Explore(phone_number=world.script.number, intent=world.intent, company=world.script.name)
    call = word_level(SIMILARITY, tick_ms=100)(world, Plan(goal=goal), "c1")
    requested = CallRequested(call_id="c1", mode="explore", phone_number=world.script.number, intent=world.intent, engine="e")
    return call, [requested, *call.events]


def killed_at(n: int, events: list[AnyCallEvent], folder: Path) -> None:
    """The journal of an engine that wrote n events, and half of the next."""
    journal = Journal.create(folder, JournalHeader(call_id="c1", request="", engine="e"))
    for event in events[:n]:
        journal.append(event_type(event), encode(event), b"{}")
    journal.close()
    with journal.path.open("ab") as torn:
        torn.write(b'{"crc":1,"entry":{"n":')


async def stored_after_a_restart(folder: Path, stored: int, events: list[AnyCallEvent]) -> list[AnyCallEvent | None]:
    """``stored``: events that the dead engine had already brought to the store."""
    log = MemoryEventLog()
    if stored:
        news = [NewEvent(id=event_id(STREAM, "call", i), type=event_type(e), data=encode(e)) for i, e in enumerate(events[:stored])]
        await log.append(STREAM, news, expected=NO_STREAM)
    await bring_home(left_behind(folder, NOW), log, folder / "aside", sleep=lambda _s: asyncio.sleep(0), store_seen=lambda _up: None)
    return [decode(event.type, event.data) for event in await log.read(STREAM)]


def learned(lesson: Lesson, state: State) -> State:
    return fold([(event, AT) for event in decide_lesson(lesson, "a_flow", state)], state)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: str(world.seed))
async def test_every_prefix_of_the_journal_has_a_defined_end_and_teaches_nothing_wrong(world: World, tmp_path: Path) -> None:
    call, events = a_whole_call(world)
    assert call.ended is not None
    whole = lesson_of("c0", events, AT)
    assert whole is not None
    known = learned(whole, INITIAL)
    for n in range(1, len(events) + 1):
        folder = tmp_path / str(n)
        folder.mkdir()
        killed_at(n, events, folder)
        there = await stored_after_a_restart(folder, n // 2, events)
        assert there[:n] == events[:n]
        assert len(there) == (n if n == len(events) else n + 1)
        ended = there[-1]
        assert isinstance(ended, CallEnded)
        assert ended.outcome is (call.ended.outcome if n == len(events) else CallOutcome.ENGINE_LOST)
        assert not list(folder.glob("*.jsonl"))
        lesson = lesson_of("c1", there, AT + dt.timedelta(minutes=n))
        assert lesson is not None
        check_lesson(lesson, known, call.keys, whole=n == len(events))


def check_lesson(lesson: Lesson, known: State, way: str, *, whole: bool) -> None:
    """A known way stays; a first flow, if there is one, is only a part of the way. Only a ``whole`` call can have failed."""
    after, before = learned(lesson, known).flow, known.flow
    assert after is not None
    assert before is not None
    assert "".join(main_path_digits(call_flow(after))) == way
    failed = before.fail_count if whole else 0
    assert (after.fail_count, after.version) == (before.fail_count + failed, 1)
    try:
        refuse_unlearnable(lesson)
    except Invalid:
        return
    first = learned(lesson, INITIAL).flow
    assert first is not None
    assert way.startswith("".join(main_path_digits(call_flow(first))))
    assert first.fail_count == failed


async def test_a_journal_without_any_event_is_forgotten(tmp_path: Path) -> None:
    killed_at(0, [], tmp_path)
    log = MemoryEventLog()
    await bring_home(left_behind(tmp_path, NOW), log, tmp_path / "aside", sleep=lambda _s: asyncio.sleep(0), store_seen=lambda _up: None)
    assert [event async for event in log.read_all()] == []

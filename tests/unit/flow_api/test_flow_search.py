"""``?q=``: flows that hold every word somewhere, in any case; the same answer whichever way it is found."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid

import msgspec
import pytest
from call_contract.streams import EventMetadata, flow_stream
from event_log.records import RecordedEvent
from flow_api.domain.flow_events import CallFlowCreated, CallFlowRevised, FlowContent, encode, event_type
from flow_api.projections.flow_list import FEW, FlowFilter, Page, list_of_flows
from flow_api.projections.projector import apply
from flow_api.projections.read_model import open_database
from flow_api.projections.schema import make_indexes
from hypothesis import given, settings
from hypothesis import strategies as st

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
METADATA = msgspec.json.encode(EventMetadata(schema=1, actor="me", recorded_at=AT.isoformat()))
LETTERS = st.sampled_from(["a", "b", "B", "ß", "é", '"', "'", "*", "%", "-", " ", "☎", "AND ", "NEAR"])
NAMES = st.lists(LETTERS, min_size=1, max_size=8).map("".join)


def history(*names: str) -> list[RecordedEvent]:
    """Two flows, whose names change in turn."""
    events = []
    for number, name in enumerate(names):
        content, flow_id, revision = FlowContent(name=name), f"f{number % 2}", number // 2
        body = CallFlowRevised(cause="", content=content) if revision else CallFlowCreated(cause="", id=flow_id, content=content)
        events.append(
            RecordedEvent(
                id=uuid.UUID(int=number), type=event_type(body), data=encode(body), metadata=METADATA, stream=flow_stream(flow_id),
                revision=revision, position=number + 1, stored_at=AT,
            )
        )  # fmt: skip
    return events


def paged_through(db: sqlite3.Connection, q: str, order: str, descending: bool, few: int) -> list[str]:
    """Every page of one flow each, one after the other."""
    seen: list[str] = []
    after = None
    while rows := db.execute(
        *list_of_flows(db, FlowFilter(q=q), Page(order=order, descending=descending, after=after, limit=1), few=few)
    ).fetchall():
        seen.append(rows[0][3])
        after = (rows[0][2], rows[0][3])
    return seen


def found(db: sqlite3.Connection, q: str, few: int) -> list[str]:
    page = Page(order="id")
    return [row[3] for row in db.execute(*list_of_flows(db, FlowFilter(q=q), page, few=few))]


@given(st.lists(NAMES, min_size=2, max_size=6), NAMES, st.sampled_from([0, 1, FEW]))
@settings(max_examples=150, deadline=None)
def test_every_word_is_found_anywhere_and_nothing_else_is(names: list[str], q: str, few: int) -> None:
    grown, rebuilt = open_database(":memory:"), open_database(":memory:", indexed=False)
    events = history(*names)
    for event in events:
        apply(grown, [event])
    apply(rebuilt, events)
    make_indexes(rebuilt)
    present = {f"f{number % 2}": f"f{number % 2}\n{name}".casefold() for number, name in enumerate(names)}
    expected = sorted(flow_id for flow_id, words in present.items() if all(word in words for word in q.casefold().split()))
    assert found(grown, q, few) == found(rebuilt, q, few) == expected


@pytest.mark.parametrize(("q", "walks"), [("chase", False), ("no such thing", False), ("h", False), ("bank", True), ("a", True)])
def test_rare_words_are_fetched_and_frequent_ones_met_on_the_way(q: str, walks: bool) -> None:
    db = open_database(":memory:")
    apply(db, history("Chase Bank", "Big Bank"))
    sql, values = list_of_flows(db, FlowFilter(q=q), Page(), few=1)
    plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", values))
    assert ("flows_by_name" in plan, "INTEGER PRIMARY KEY" in plan.split("flow_words")[0]) == (walks, not walks), plan


@pytest.mark.parametrize("few", [0, FEW])
@pytest.mark.parametrize("order", ["id", "name", "updated_at", "success_count"])
def test_pages_of_what_was_found_show_each_flow_once(order: str, few: int) -> None:
    db = open_database(":memory:")
    apply(db, history("Bank of two", "Bank of one"))
    up = paged_through(db, "BANK of", order, False, few)
    assert sorted(up) == ["f0", "f1"]
    assert paged_through(db, "BANK of", order, True, few) == up[::-1]
    assert paged_through(db, "bank one", order, False, few) == ["f1"]

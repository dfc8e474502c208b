"""A call of which the engine knows more than the event store has yet, as while the store is away."""

from __future__ import annotations

import datetime as dt

import msgspec
from flow_api.commands.calls import as_the_engine_knows
from flow_api.domain.call import Call
from flow_api.ports import EngineCall

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
STORED = Call(id="c1", state="walking", mode="explore", phone_number="+18005551234", intent="x", started_at=AT, digits="3", last_ordinal=6)


def test_what_the_engine_knows_beyond_the_store_is_shown() -> None:
    holding = as_the_engine_knows(STORED, EngineCall(call_id="c1", state="holding", last_ordinal=9))
    assert holding == msgspec.structs.replace(STORED, state="holding", last_ordinal=9)
    over = EngineCall(
        call_id="c1", state="ended", last_ordinal=12, outcome="bridged", reason="hung up", ended_at="2026-03-01T12:05:00.000Z"
    )
    shown = as_the_engine_knows(STORED, over)
    assert (shown.state, shown.outcome, shown.reason, shown.last_ordinal) == ("ended", "bridged", "hung up", 12)
    assert shown.ended_at == AT + dt.timedelta(minutes=5)
    assert (shown.intent, shown.digits) == ("x", "3")


def test_the_store_wins_where_it_has_as_much() -> None:
    for ordinal in (5, 6):
        assert as_the_engine_knows(STORED, EngineCall(call_id="c1", state="ringing", last_ordinal=ordinal)) == STORED

"""The read model: lists and look-ups over flows and calls, from one SQLite file."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import msgspec

from flow_api.domain.call import Call
from flow_api.domain.flow import Flow
from flow_api.domain.slug import intent_key
from flow_api.projections.flow_list import FlowFilter, Page, list_of_flows, paged
from flow_api.projections.schema import TABLES, make_indexes


class FlowRow(msgspec.Struct, frozen=True):
    """A flow and the revision of the event that made it so."""

    flow: Flow
    revision: int


class CallFilter(msgspec.Struct, frozen=True, kw_only=True):
    phone_number: str | None = None
    flow_id: str | None = None
    state: str | None = None
    outcome: str | None = None


def open_database(path: Path | str, *, indexed: bool = True) -> sqlite3.Connection:
    """The file, with its tables and (unless it is to be filled first) indexes. ``:memory:`` is allowed."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    # The event log is the truth: after a power loss the read model catches up from its own, older checkpoint.
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA busy_timeout = 5000")
    db.executescript(TABLES)
    if indexed:
        make_indexes(db)
    return db


class ReadModel:
    """Questions to the tables. Every answer is as of the last applied event."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def flow(self, flow_id: str) -> FlowRow | None:
        """The flow, also if it was deleted."""
        row = self.db.execute("SELECT body, revision FROM flows WHERE id = ?", (flow_id,)).fetchone()
        return _flow_row(row) if row else None

    def flows(self, narrow: FlowFilter, page: Page) -> tuple[list[FlowRow], tuple[Any, str] | None]:
        """One page of flows that are not deleted, and where the next begins."""
        rows = self.db.execute(*list_of_flows(self.db, narrow, page)).fetchall()
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        return [_flow_row(row) for row in rows], ((rows[-1][2], rows[-1][3]) if more else None)

    def flows_of_number(self, phone_number: str) -> list[FlowRow]:
        rows = self.db.execute(
            "SELECT body, revision FROM flows WHERE phone_number = ? AND deleted = 0 ORDER BY id LIMIT 1000", (phone_number,)
        ).fetchall()
        return [_flow_row(row) for row in rows]

    def flow_for(self, phone_number: str, intent: str) -> FlowRow | None:
        """The flow to follow: of those for this number the one with the same intent (for no intent: one that has none), else the most
        successful that may serve it.
        """
        fitting = [row for row in self.flows_of_number(phone_number) if row.flow.content.steps and _serves(row.flow, intent)]
        return max(fitting, key=lambda row: (intent_key(row.flow.intent) == intent_key(intent), _worth(row.flow)), default=None)

    def call(self, call_id: str) -> Call | None:
        row = self.db.execute("SELECT body FROM calls WHERE id = ?", (call_id,)).fetchone()
        return msgspec.json.decode(row[0], type=Call) if row else None

    def calls(self, narrow: CallFilter, page: Page) -> tuple[list[Call], tuple[Any, str] | None]:
        """One page of calls by their start, and where the next begins."""
        given = [(name, getattr(narrow, name)) for name in ("phone_number", "flow_id", "state", "outcome")]
        where = [f"{name} = ?" for name, value in given if value is not None]
        values = [value for _, value in given if value is not None]
        sql, values = paged("SELECT body, started_at, id FROM calls", "started_at", where, values, page)
        rows = self.db.execute(sql, values).fetchall()
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        return [msgspec.json.decode(row[0], type=Call) for row in rows], ((rows[-1][1], rows[-1][2]) if more else None)

    def counts(self) -> dict[str, int]:
        """How many flows and calls there are."""
        tables = {"flows": "flows WHERE deleted = 0", "calls": "calls"}
        return {name: self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for name, table in tables.items()}

    def dead_letters(self) -> int:
        """How many events could not be applied."""
        count: int = self.db.execute("SELECT count(*) FROM dead_letters").fetchone()[0]
        return count


def _flow_row(row: tuple[Any, ...]) -> FlowRow:
    return FlowRow(msgspec.json.decode(row[0], type=Flow), row[1])


def _serves(flow: Flow, intent: str) -> bool:
    """A flow with an intent serves that intent only; one without (made by hand) serves any."""
    return not intent or not flow.intent or intent_key(flow.intent) == intent_key(intent)


def _worth(flow: Flow) -> tuple[float, str]:
    """The share of successes with one success and one failure added, and the younger of equals."""
    return (flow.success_count + 1) / (flow.success_count + flow.fail_count + 2), flow.updated_at.isoformat()

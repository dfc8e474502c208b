"""The read model: lists and look-ups over flows and calls, from one SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from flow_api.domain.call import Call
from flow_api.domain.flow import Flow
from flow_api.domain.slug import intent_key
from flow_api.projections.rows import company_key
from flow_api.projections.schema import INDEXES, TABLES

#: What a list may be sorted by → its column. Every order ends with the id, so that it is total.
FLOW_ORDERS = {
    "id": "id", "name": "name", "company": "company_key", "created_at": "created_at", "updated_at": "updated_at",
    "success_count": "success_count", "fail_count": "fail_count",
}  # fmt: skip


class FlowRow(msgspec.Struct, frozen=True):
    """A flow and the revision of the event that made it so."""

    flow: Flow
    revision: int


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page begins: behind the row with these values. None: at the beginning."""

    order: str = "name"
    descending: bool = False
    after: tuple[Any, str] | None = None
    limit: int = 100


class FlowFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of flows is narrowed to; every given condition must hold. ``q`` is words found anywhere."""

    company: str | None = None
    tag: str | None = None
    phone_number: str | None = None
    q: str | None = None


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
        db.executescript(INDEXES)
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
        column = FLOW_ORDERS[page.order]
        where, values = _flow_conditions(narrow)
        sql, values = _paged(f"SELECT body, revision, {column}, id FROM flows", column, where, values, page)
        rows = self.db.execute(sql, values).fetchall()
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        return [_flow_row(row) for row in rows], ((rows[-1][2], rows[-1][3]) if more else None)

    def flows_of_number(self, phone_number: str) -> list[FlowRow]:
        rows = self.db.execute(
            "SELECT body, revision FROM flows WHERE phone_number = ? AND deleted = 0 ORDER BY id LIMIT 1000", (phone_number,)
        ).fetchall()
        return [_flow_row(row) for row in rows]

    def flow_for(self, phone_number: str, intent: str) -> FlowRow | None:
        """The flow to follow: same number and same intent; without an intent, or where flows have none, the most successful."""
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
        sql, values = _paged("SELECT body, started_at, id FROM calls", "started_at", where, values, page)
        rows = self.db.execute(sql, values).fetchall()
        more = len(rows) > page.limit
        rows = rows[: page.limit]
        return [msgspec.json.decode(row[0], type=Call) for row in rows], ((rows[-1][1], rows[-1][2]) if more else None)

    def counts(self) -> dict[str, int]:
        """How many flows, calls and dead letters there are."""
        tables = {"flows": "flows WHERE deleted = 0", "calls": "calls", "dead_letters": "dead_letters"}
        return {name: self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for name, table in tables.items()}


def _flow_conditions(narrow: FlowFilter) -> tuple[list[str], list[Any]]:
    where, values = ["deleted = 0"], list[Any]()
    if narrow.company is not None:
        where.append("company_key = ?")
        values.append(company_key(narrow.company))
    if narrow.tag is not None:
        where.append("id IN (SELECT flow_id FROM flow_tags WHERE tag = ?)")
        values.append(narrow.tag)
    if narrow.phone_number is not None:
        where.append("phone_number = ?")
        values.append(narrow.phone_number)
    for word in (narrow.q or "").casefold().split():
        where.append("instr(words, ?) > 0")
        values.append(word)
    return where, values


def _paged(select: str, column: str, where: Sequence[str], values: Sequence[Any], page: Page) -> tuple[str, list[Any]]:
    """Keyset paging: rows behind (value, id) of the last row shown, so that changes elsewhere move nothing in or out."""
    where, values = list(where), list(values)
    direction, beyond = ("DESC", "<") if page.descending else ("ASC", ">")
    if page.after is not None:
        where.append("id " + beyond + " ?" if column == "id" else f"({column}, id) {beyond} (?, ?)")
        values.extend([page.after[1]] if column == "id" else page.after)
    conditions = f" WHERE {' AND '.join(where)}" if where else ""
    return f"{select}{conditions} ORDER BY {column} {direction}, id {direction} LIMIT ?", [*values, page.limit + 1]


def _flow_row(row: tuple[Any, ...]) -> FlowRow:
    return FlowRow(msgspec.json.decode(row[0], type=Flow), row[1])


def _serves(flow: Flow, intent: str) -> bool:
    """A flow with an intent serves that intent only; one without (made by hand) serves any."""
    return not intent or not flow.intent or intent_key(flow.intent) == intent_key(intent)


def _worth(flow: Flow) -> tuple[float, str]:
    """The share of successes with one success and one failure added, and the younger of equals."""
    return (flow.success_count + 1) / (flow.success_count + flow.fail_count + 2), flow.updated_at.isoformat()

"""The SQL of a list of flows: what it is narrowed to, how it is sorted, and where a page begins."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from flow_api.projections.rows import company_key

#: What a list may be sorted by → its column. Every order ends with the id, so that it is total.
FLOW_ORDERS = {
    "id": "id", "name": "name", "company": "company_key", "created_at": "created_at", "updated_at": "updated_at",
    "success_count": "success_count", "fail_count": "fail_count",
}  # fmt: skip
#: Up to so many flows with the words of a search are fetched and sorted; more are met soon enough on a walk in the order of the list.
FEW = 500
#: The index of words is one of trigrams; shorter words are looked for in the words themselves.
TRIGRAM = 3


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page begins: behind the row with these values. None: at the beginning."""

    order: str = "name"
    descending: bool = False
    after: tuple[Any, str] | None = None
    limit: int = 100


class FlowFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of flows is narrowed to; every given condition must hold. ``q`` is words found anywhere, in any case."""

    company: str | None = None
    tag: str | None = None
    phone_number: str | None = None
    q: str | None = None


class Statement(msgspec.Struct):
    """A SELECT as it grows."""

    table: str
    where: list[str]
    values: list[Any]

    def narrow(self, condition: str, *values: Any) -> None:
        self.where.append(condition)
        self.values.extend(values)


def list_of_flows(db: sqlite3.Connection, narrow: FlowFilter, page: Page, *, few: int = FEW) -> tuple[str, list[Any]]:
    """The SELECT of (body, revision, what is sorted by, id) and its values."""
    select = Statement("flows", ["deleted = 0"], [])
    if narrow.company is not None:
        select.narrow("company_key = ?", company_key(narrow.company))
    if narrow.tag is not None:
        select.narrow("key IN (SELECT key FROM flow_tags WHERE tag = ?)", narrow.tag)
    if narrow.phone_number is not None:
        select.narrow("phone_number = ?", narrow.phone_number)
    words = (narrow.q or "").casefold().split()
    if words:
        _narrow_to_words(db, select, words, few)
    column = FLOW_ORDERS[page.order]
    return paged(f"SELECT body, revision, {column}, id FROM {select.table}", column, select.where, select.values, page)


def _narrow_to_words(db: sqlite3.Connection, select: Statement, words: Sequence[str], few: int) -> None:
    """Fetch rare ones by their keys; walk the index of the order where they are frequent."""
    keys = _keys_with(db, words, few + 1)
    if len(keys) <= few:
        select.table = "flows NOT INDEXED"  # the primary key is none of those: it is what is left
        select.narrow("key IN (SELECT value FROM json_each(?))", msgspec.json.encode(keys).decode())
        return
    for word in words:
        select.narrow("instr((SELECT words FROM flow_words WHERE flow_words.key = flows.key), ?) > 0", word)


def _keys_with(db: sqlite3.Connection, words: Sequence[str], most: int) -> list[int]:
    """Keys of flows that hold all of the words, the oldest first."""
    held = Statement("flow_words", [], [])
    trigrams = sorted({word[at : at + TRIGRAM] for word in words for at in range(len(word) - TRIGRAM + 1)})
    if trigrams:
        held.table = "flow_trigrams CROSS JOIN flow_words ON key = flow_trigrams.rowid"
        held.narrow("flow_trigrams MATCH ?", " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in trigrams))
    for word in words:
        held.narrow("instr(flow_words.words, ?) > 0", word)
    sql = f"SELECT key FROM {held.table} WHERE {' AND '.join(held.where)} LIMIT ?"
    return [key for (key,) in db.execute(sql, [*held.values, most])]


def paged(select: str, column: str, where: Sequence[str], values: Sequence[Any], page: Page) -> tuple[str, list[Any]]:
    """Keyset paging: rows behind (value, id) of the last row shown, so that changes elsewhere move nothing in or out."""
    where, values = list(where), list(values)
    direction, beyond = ("DESC", "<") if page.descending else ("ASC", ">")
    if page.after is not None:
        where.append("id " + beyond + " ?" if column == "id" else f"({column}, id) {beyond} (?, ?)")
        values.extend([page.after[1]] if column == "id" else page.after)
    conditions = f" WHERE {' AND '.join(where)}" if where else ""
    return f"{select}{conditions} ORDER BY {column} {direction}, id {direction} LIMIT ?", [*values, page.limit + 1]

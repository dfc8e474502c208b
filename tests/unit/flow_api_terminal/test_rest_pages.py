"""What the terminal gets of long lists, and of a call that is over."""

from __future__ import annotations

import argparse
import io
import json
from typing import Any

import httpx
import pytest
from flow_api.terminal import commands
from flow_api.terminal.__main__ import parser
from flow_api.terminal.rest import Rest
from rich.console import Console

ENTRY = {"version": 1, "recorded_at": "2026-03-01T12:00:00Z", "actor": "ann", "summary": "revised"}
PAGE_MAX = 500


class Rows(httpx.BaseTransport):
    """A server of so many rows, a page at a time."""

    def __init__(self, count: int) -> None:
        self._rows = [{**ENTRY, "revision": n} for n in range(count)]
        self.asked: list[int] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params
        limit, first = int(query.get("limit", 100)), int(query.get("cursor", 0))
        self.asked.append(limit)
        if not 1 <= limit <= PAGE_MAX:
            return httpx.Response(422, json={"title": "The request is not valid."})
        after = first + limit
        headers = {"Next-Cursor": str(after)} if after < len(self._rows) else {}
        return httpx.Response(200, json=self._rows[first:after], headers=headers)


def answered(server: httpx.BaseTransport, *words: str) -> Any:
    out = io.StringIO()
    args: argparse.Namespace = parser().parse_args([*words, "--json"])
    args.work(Rest(transport=server), commands.Terminal(Console(file=out, width=200), as_json=True), args)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("count", [0, 3, 500, 501, 1203])
def test_a_history_is_shown_whole(count: int) -> None:
    assert [entry["revision"] for entry in answered(Rows(count), "history", "f")] == list(range(count))


@pytest.mark.parametrize(("limit", "asked"), [(7, [7]), (500, [500]), (1100, [500, 500, 100])])
def test_a_limit_may_be_more_than_a_page(limit: int, asked: list[int]) -> None:
    server = Rows(2000)
    found = Rest(transport=server).rows("/", limit)
    assert (len(found.rows), found.more) == (limit, True)
    assert server.asked == asked


def test_whether_there_are_more_is_said() -> None:
    rest = Rest(transport=Rows(30))
    assert [rest.rows("/", most).more for most in (10, 30, 40, None)] == [True, False, False, False]


def test_a_list_that_lags_behind_is_not_shown_as_if_it_were_whole() -> None:
    out = io.StringIO()
    args = parser().parse_args(["list"])
    args.work(Rest(transport=Behind()), commands.Terminal(Console(file=out, width=200), as_json=False), args)
    assert "Not all is in this list yet" in out.getvalue()


def test_a_call_that_is_over_ends_its_watching() -> None:
    """The stream broke behind the last event that was understood."""
    rest = Rest(transport=Once())
    assert [event["ordinal"] for event in rest.events("c")] == [0]


class Behind(httpx.BaseTransport):
    """The event log is away: nothing has been read yet."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[], headers={"Read-Model": "behind"})


class Once(httpx.BaseTransport):
    """One event, and nothing behind it."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if "last-event-id" in request.headers:
            return httpx.Response(204)
        return httpx.Response(200, text='retry: 0\n\nid: 0\nevent: Odd\ndata: {"ordinal": 0, "type": "Odd"}\n\n')

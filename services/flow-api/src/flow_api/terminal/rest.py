"""The REST API as the terminal sees it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx

DEFAULT_URL = "http://127.0.0.1:8080"
TIMEOUT_S = 30.0
PAGE = 500  #: rows that the service gives at once


class Refused(Exception):
    """The service said no; the text is its problem document for people."""


class Listed(NamedTuple):
    """``more``: there are more rows than were asked for. ``behind``: the service has not taken in all that happened yet."""

    rows: list[Any]
    more: bool
    behind: bool


class Rest:
    """Address and token come from CALLFLOW_URL and CALLFLOW_TOKEN, or are given. ``transport`` is for tests."""

    def __init__(self, url: str | None = None, token: str | None = None, transport: httpx.BaseTransport | None = None) -> None:
        token = token or os.environ.get("CALLFLOW_TOKEN", "")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        base = url or os.environ.get("CALLFLOW_URL") or DEFAULT_URL
        self._client = httpx.Client(base_url=base, headers=headers, timeout=TIMEOUT_S, transport=transport)

    def get(self, path: str, **query: Any) -> Any:
        return self._answer("GET", path, params={name: value for name, value in query.items() if value is not None})

    def rows(self, path: str, most: int | None = None, **query: Any) -> Listed:
        """Of a list, page by page: all rows or at most so many."""
        asked = {name: value for name, value in query.items() if value is not None}
        rows: list[Any] = []
        while True:
            limit = PAGE if most is None else min(PAGE, most - len(rows))
            response = self._asked("GET", path, params={**asked, "limit": limit})
            rows += response.json()
            cursor = response.headers.get("next-cursor")
            if cursor is None or len(rows) == most:
                return Listed(rows, cursor is not None, response.headers.get("read-model") == "behind")
            asked["cursor"] = cursor

    def post(self, path: str, body: Any) -> Any:
        return self._answer("POST", path, json=body)

    def delete(self, path: str) -> Any:
        return self._answer("DELETE", path)

    def events(self, call_id: str) -> Iterator[dict[str, Any]]:
        """A call's events, from the first, live until it has ended. Comes back after a broken connection."""
        last: str | None = None
        while True:
            headers = {"accept": "text/event-stream", **({"last-event-id": last} if last is not None else {})}
            try:
                with self._client.stream("GET", f"/api/calls/{call_id}/events", headers=headers, timeout=None) as response:
                    if response.is_error:
                        response.read()
                        raise Refused(problem_text(response))
                    if response.status_code == httpx.codes.NO_CONTENT:
                        return  # it is over, and that was all
                    for event in _parse(response.iter_lines()):
                        last = str(event["ordinal"])
                        yield event
                        if event["type"] == "CallEnded":
                            return
            except (httpx.ReadError, httpx.RemoteProtocolError):
                continue
            except httpx.TransportError as error:
                raise Refused(f"flow-api cannot be reached: {error}") from error

    def _answer(self, method: str, path: str, **options: Any) -> Any:
        response = self._asked(method, path, **options)
        return response.json() if response.content else None

    def _asked(self, method: str, path: str, **options: Any) -> httpx.Response:
        try:
            response = self._client.request(method, path, **options)
        except httpx.TransportError as error:
            raise Refused(f"flow-api at {self._client.base_url} cannot be reached: {error}. Is it running? See `make run`.") from error
        if response.is_error:
            raise Refused(problem_text(response))
        return response


def problem_text(response: httpx.Response) -> str:
    """A problem document in a few lines."""
    try:
        problem = response.json()
    except json.JSONDecodeError:
        return f"{response.status_code} {response.reason_phrase}"
    faults = [f"  {fault['path']}: {fault['message']}" for fault in problem.get("faults", [])]
    return "\n".join([f"{problem.get('title', response.status_code)} {problem.get('detail', '')}".strip(), *faults])


def _parse(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.startswith("data:"):
            event = json.loads(line.removeprefix("data:"))
            if "ordinal" in event:
                yield event

"""``/api/audit/events``: NDJSON, resumed by ``after`` = the last position that was read."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
from event_log.records import EventLogError
from litestar import get
from litestar.response import Stream

from flow_api.audit_log import AuditFilter, lines
from flow_api.http.wire import Api, Query, Req
from flow_api.service import Service

MOST_LINES = 1_000_000


@get("/api/audit/events", needs="audit:read")
async def audit_events(request: Req, service: Api) -> Stream:
    query = Query(request, "after", "limit", "flow_id", "call_id", "actor", "correlation_id", "since", "until")
    narrow = AuditFilter(
        flow_id=query.text("flow_id"), call_id=query.text("call_id"), actor=query.text("actor"), since=query.time("since"),
        correlation_id=query.text("correlation_id"), until=query.time("until"),
    )  # fmt: skip
    after, limit = query.whole("after", 0, 2**62), query.whole("limit", 1, MOST_LINES)
    query.check()
    await service.log.head_position()
    return Stream(_body(service, narrow, after or 0, limit), media_type="application/x-ndjson")


async def _body(service: Service, narrow: AuditFilter, after: int, limit: int | None) -> AsyncIterator[bytes]:
    """A store that goes away ends the body; the reader comes back with the last position it has."""
    try:
        async for line in lines(service.log, narrow, after=after, limit=limit):
            yield msgspec.json.encode(line) + b"\n"
    except EventLogError:
        return

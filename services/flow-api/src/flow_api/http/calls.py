"""``/api/calls``."""

from __future__ import annotations

import re
import uuid

import msgspec
from call_contract.call_events import CallOutcome
from litestar import Response, Router, delete, get, post
from litestar.params import FromPath
from litestar.response import Stream

from flow_api.domain.call import STATES, Call
from flow_api.domain.errors import Fault, Invalid
from flow_api.domain.requests import call_request_of, device_of, digits_of
from flow_api.http.access import who
from flow_api.http.once import once
from flow_api.http.sse import body
from flow_api.http.wire import Api, Query, Req, answer, applied_header, json_body, page_headers
from flow_api.projections.flow_list import Page
from flow_api.projections.read_model import CallFilter

CALL_NAMESPACE = uuid.UUID("a1f7a3a4-9f0c-5c52-8a52-0d2f4d1e6f31")


class StartedAnswer(Call, frozen=True, kw_only=True):
    """``why``: why the call explores, or why it follows that flow."""

    why: str


class ForgottenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is left: the conversation was recorded into this file, in the folder of recordings (``CALL_ENGINE_RECORDINGS``) of the engine
    at that address. It is not sealed, and nobody but who keeps that folder can delete it.
    """

    recording: str
    engine: str
    note: str = (
        "What live humans said is unreadable in the events from now on. The recording of the conversation is not: "
        "whoever keeps the engine's folder of recordings has to delete this file, and its copies."
    )


@post("/", needs="calls:write")
async def start_call(request: Req, service: Api) -> Response[bytes]:
    asked = call_request_of(await json_body(request))

    async def work(cause: str) -> Response[bytes]:
        call_id = uuid.uuid5(CALL_NAMESPACE, cause).hex
        started = await service.calls.start(call_id, asked, who(request, service))
        content = StartedAnswer(**msgspec.structs.asdict(started.call), why=started.why)
        headers = {"Location": f"/api/calls/{call_id}", **applied_header(started.applied)}
        return answer(content, status=201, headers=headers)

    return await once(request, service, work)


@get("/", needs="flows:read")
async def list_calls(request: Req, service: Api) -> Response[bytes]:
    query = Query(request, "phone_number", "flow_id", "state", "outcome", "sort", "limit", "cursor")
    narrow = CallFilter(
        phone_number=query.number("phone_number"), flow_id=query.text("flow_id"), state=query.one_of("state", *STATES),
        outcome=query.one_of("outcome", *CallOutcome),
    )  # fmt: skip
    sort = query.one_of("sort", "started_at", "-started_at") or "-started_at"
    page = Page(order="started_at", descending=sort.startswith("-"), after=query.cursor(sort), limit=query.limit())
    query.check()
    calls, following = service.reads.calls(narrow, page)
    return answer(calls, headers={**page_headers(request, sort, following), **applied_header(service.updates.caught_up)})


@get("/{call_id:str}", needs="flows:read")
async def get_call(request: Req, service: Api, call_id: FromPath[str]) -> Response[bytes]:
    return answer(await service.calls.get(call_id))


@delete("/{call_id:str}", needs="calls:write", status_code=200)
async def end_call(request: Req, service: Api, call_id: FromPath[str]) -> Response[bytes]:
    return answer(await service.calls.end(call_id, who(request, service)))


@post("/{call_id:str}/digits", needs="calls:write", status_code=200)
async def send_digits(request: Req, service: Api, call_id: FromPath[str]) -> Response[bytes]:
    digits = digits_of(await json_body(request))

    async def work(_: str) -> Response[bytes]:
        return answer(await service.calls.send_digits(call_id, digits, who(request, service)))

    return await once(request, service, work)


@post("/{call_id:str}/transfer", needs="calls:write", status_code=200)
async def transfer_call(request: Req, service: Api, call_id: FromPath[str]) -> Response[bytes]:
    device = device_of(await json_body(request, optional=True))

    async def work(_: str) -> Response[bytes]:
        return answer(await service.calls.transfer(call_id, device, who(request, service)))

    return await once(request, service, work)


@delete("/{call_id:str}/personal-data", needs="calls:write", status_code=200)
async def forget_personal_data(request: Req, service: Api, call_id: FromPath[str]) -> Response[bytes]:
    call = await service.calls.forget_personal_data(call_id)
    if not call.recording:
        return Response(b"", status_code=204)
    return answer(ForgottenAnswer(recording=call.recording, engine=call.engine))


@get("/{call_id:str}/events", needs="flows:read")
async def call_events(request: Req, service: Api, call_id: FromPath[str]) -> Stream | Response[bytes]:
    query = Query(request, "from", "meters")
    start, meters = query.whole("from", 0, 2**31), query.one_of("meters", "true", "false")
    query.check()
    call, first = await service.calls.get(call_id), _first(request, start)
    if call.state == "ended" and first > call.last_ordinal and "last-event-id" in request.headers:
        return Response(b"", status_code=204)  # by which an EventSource, which comes back whenever it can, knows that this was all
    items = service.call_events.stream(call_id, first, meters=meters == "true")
    content = body(items, service.settings.sse_heartbeat_s, request.app.state.stopping)
    return Stream(content, media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _first(request: Req, start: int | None) -> int:
    """The first ordinal to send: behind Last-Event-ID, or where the query says."""
    last = request.headers.get("last-event-id")
    if last is None:
        return start or 0
    if not re.fullmatch(r"[0-9]{1,9}", last):
        raise Invalid([Fault("header.Last-Event-ID", "must be the number of an event")])
    return int(last) + 1


router = Router(
    "/api/calls",
    route_handlers=[
        start_call, list_calls, get_call, end_call, send_digits, transfer_call, forget_personal_data, call_events,
    ],
)  # fmt: skip

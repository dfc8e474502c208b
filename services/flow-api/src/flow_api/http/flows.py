"""``/api/call-flows``."""

from __future__ import annotations

from typing import Any

import msgspec
from call_contract.flows import CallFlow
from litestar import Response, Router, delete, get, post, put
from litestar.params import FromPath

from flow_api.domain.blame import blame
from flow_api.domain.diff import diff
from flow_api.domain.errors import Fault, Invalid, NotFound
from flow_api.domain.flow import call_flow
from flow_api.domain.hash_chain import Break, breaks
from flow_api.domain.history import history
from flow_api.domain.limits import E164
from flow_api.domain.requests import learn_request_of, version_of_body
from flow_api.domain.validation import flow_of
from flow_api.flow_stream import link_of
from flow_api.http.access import who
from flow_api.http.once import once
from flow_api.http.wire import (
    Api,
    Query,
    Req,
    answer,
    applied_header,
    changed_answer,
    etag,
    flow_answer,
    if_version,
    json_body,
    page_headers,
)
from flow_api.projections.flow_list import FLOW_ORDERS, FlowFilter, Page

ORDERS = [*FLOW_ORDERS, *(f"-{name}" for name in FLOW_ORDERS)]
MAX_VERSION = 2**31 - 1


class Learning(msgspec.Struct, frozen=True, kw_only=True):
    """What learning did, and why."""

    result: str
    reason: str


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """``breaks``: every place where the hash chain does not hold."""

    ok: bool
    events: int
    head_revision: int
    head_hash: str | None
    breaks: list[Break]


class LearnedFlow(CallFlow, frozen=True, kw_only=True):
    learning: Learning


@get("/", needs="flows:read")
async def list_flows(request: Req, service: Api) -> Response[bytes]:
    query = Query(request, "company", "tag", "phone_number", "q", "sort", "limit", "cursor")
    narrow = FlowFilter(company=query.text("company"), tag=query.text("tag"), phone_number=query.number("phone_number"), q=query.text("q"))
    sort = query.one_of("sort", *ORDERS) or "name"
    page = Page(
        order=sort.lstrip("-"),
        descending=sort.startswith("-"),
        after=query.cursor(sort, _kind(sort)),
        limit=query.limit(),
    )
    query.check()
    rows, following = service.reads.flows(narrow, page)
    headers = {**page_headers(request, sort, following), **applied_header(service.updates.caught_up)}
    return answer([call_flow(row.flow) for row in rows], headers=headers)


@post("/", needs="flows:write")
async def create_flow(request: Req, service: Api) -> Response[bytes]:
    flow_id, content = flow_of(await json_body(request))

    async def work(cause: str) -> Response[bytes]:
        changed = await service.flows.create(flow_id, content, cause=cause, who=who(request, service))
        return changed_answer(changed, service.audio.missing(changed.flow), status=201)

    return await once(request, service, work)


@get("/{flow_id:str}", needs="flows:read")
async def get_flow(request: Req, service: Api, flow_id: FromPath[str]) -> Response[bytes]:
    query = Query(request, "version", "as_of")
    version, at = query.whole("version", 1, MAX_VERSION), query.time("as_of")
    if version is not None and at is not None:
        query.fault("as_of", "cannot be combined with version")
    query.check()
    if version is not None:
        return answer(call_flow(await service.flows.at_version(flow_id, version)))
    if at is not None:
        return answer(call_flow(await service.flows.at_time(flow_id, at)))
    return flow_answer(request, *await service.flows.shown_now(flow_id), now=service.clock.now())


@put("/{flow_id:str}", needs="flows:write")
async def replace_flow(request: Req, service: Api, flow_id: FromPath[str]) -> Response[bytes]:
    given_id, content = flow_of(await json_body(request))
    if given_id not in (None, flow_id):
        raise Invalid([Fault("$.id", f"must be {flow_id!r}, the flow of this address")])
    expected = if_version(request)

    async def work(cause: str) -> Response[bytes]:
        changed = await service.flows.revise(flow_id, content, if_version=expected, cause=cause, who=who(request, service))
        return changed_answer(changed, service.audio.missing(changed.flow))

    return await once(request, service, work)


@delete("/{flow_id:str}", needs="flows:write", status_code=200)
async def delete_flow(request: Req, service: Api, flow_id: FromPath[str]) -> Response[bytes]:
    cause = f"request:{service.ids.new_id()}"
    changed = await service.flows.delete(flow_id, if_version=if_version(request), cause=cause, who=who(request, service))
    return Response(b"", status_code=204, headers=applied_header(changed.applied))


@get("/{flow_id:str}/history", needs="flows:read")
async def flow_history(request: Req, service: Api, flow_id: FromPath[str]) -> Response[bytes]:
    query = Query(request, "limit", "cursor", "sort")
    sort = query.one_of("sort", "revision", "-revision") or "revision"
    after, limit = query.cursor(sort, int), query.limit()
    query.check()
    records = await service.flows.records(flow_id)
    beyond = after[0] if after is not None else None
    entries = history(records, newest_first=sort == "-revision", beyond=beyond, most=limit + 1)
    following = (entries[limit - 1].revision, flow_id) if len(entries) > limit else None
    return answer(entries[:limit], headers=page_headers(request, sort, following))


@get("/{flow_id:str}/diff", needs="flows:read")
async def flow_diff(request: Req, service: Api, flow_id: FromPath[str]) -> Response[bytes]:
    query = Query(request, "from", "to")
    before, after = query.whole("from", 1, MAX_VERSION), query.whole("to", 1, MAX_VERSION)
    for name, value in (("from", before), ("to", after)):
        if value is None and not query.has(name):
            query.fault(name, "is required: the number of a version")
    query.check()
    old, new = await service.flows.at_version(flow_id, before or 0), await service.flows.at_version(flow_id, after or 0)
    return answer(diff(old.content, new.content))


@get("/{flow_id:str}/blame", needs="flows:read")
async def flow_blame(request: Req, service: Api, flow_id: FromPath[str]) -> Response[bytes]:
    return answer(blame(await service.flows.records(flow_id)))


@post("/{flow_id:str}/revert", needs="flows:write", status_code=200)
async def revert_flow(request: Req, service: Api, flow_id: FromPath[str]) -> Response[bytes]:
    version, expected = version_of_body(await json_body(request)), if_version(request)

    async def work(cause: str) -> Response[bytes]:
        changed = await service.flows.revert(flow_id, version, if_version=expected, cause=cause, who=who(request, service))
        return changed_answer(changed, service.audio.missing(changed.flow))

    return await once(request, service, work)


@get("/{flow_id:str}/verify", needs="flows:read")
async def verify_flow(request: Req, service: Api, flow_id: FromPath[str]) -> Response[bytes]:
    links = [link_of(event) for event in await service.flows.streams.stored(flow_id)]
    if not links:
        raise NotFound(f"There is no flow {flow_id}.")
    found = breaks(links)
    head: dict[str, Any] = msgspec.json.decode(links[-1].metadata) if links[-1].metadata else {}
    return answer(Verified(ok=not found, events=len(links), head_revision=links[-1].revision, head_hash=head.get("hash"), breaks=found))


@get("/lookup", needs="flows:read")
async def look_up(request: Req, service: Api) -> Response[bytes]:
    query = Query(request, "phone_number", "intent")
    number, intent = query.number("phone_number"), query.text("intent", 500)
    if number is None and not query.has("phone_number"):
        query.fault("phone_number", "is required")
    elif number is not None and not E164.fullmatch(number):
        query.fault("phone_number", "must be a number in E.164 form such as +18005551234")
    query.check()
    row = service.reads.flow_for(number or "", intent or "")
    if row is None:
        await service.updates.whole()
        raise NotFound(f"No flow is known for {number} and this intent.")
    return flow_answer(request, row.flow, row.revision, now=service.clock.now())


@post("/learn", needs="flows:write")
async def learn_flow(request: Req, service: Api) -> Response[bytes]:
    asked = learn_request_of(await json_body(request))

    async def work(_: str) -> Response[bytes]:
        learned = await service.learn.from_call(
            asked.call_id, who(request, service), phone_number=asked.phone_number, company=asked.company
        )
        flow = call_flow(learned.changed.flow)
        body = LearnedFlow(**msgspec.structs.asdict(flow), learning=Learning(result=learned.result, reason=learned.reason))
        headers = {"ETag": etag(flow.version, learned.changed.revision), **applied_header(learned.changed.applied)}
        headers["Location"] = f"/api/call-flows/{flow.id}"
        return answer(body, status=201 if learned.result == "created" else 200, headers=headers)

    return await once(request, service, work)


def _kind(sort: str) -> type:
    """The type of the values that a list is sorted by."""
    return int if sort.endswith("_count") else str


router = Router(
    "/api/call-flows",
    route_handlers=[
        list_flows, create_flow, get_flow, replace_flow, delete_flow, flow_history, flow_diff, flow_blame, revert_flow, verify_flow,
        look_up, learn_flow,
    ],
)  # fmt: skip

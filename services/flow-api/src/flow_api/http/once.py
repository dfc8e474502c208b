"""``Idempotency-Key``: the same key with the same body gets the same answer, also after a restart; with another body it is refused."""

from __future__ import annotations

import asyncio
import hashlib
import re
import weakref
from collections.abc import Awaitable, Callable

from litestar import Response

from flow_api.adapters.idempotency import StoredAnswer
from flow_api.domain.errors import Fault, Invalid
from flow_api.http.wire import Req
from flow_api.service import Service

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("etag", "location", "read-model", "flow-warnings")

#: Two requests with one key at the same time: the second waits for the first.
_running: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()


async def once(request: Req, service: Service, work: Callable[[str], Awaitable[Response[bytes]]]) -> Response[bytes]:
    """``work`` is given the cause of what it does: always the same for one key, so that even a crash half-way does nothing twice."""
    given = request.headers.get("idempotency-key")
    if given is None:
        return await work(f"request:{service.ids.new_id()}")
    if not _KEY.fullmatch(given):
        raise Invalid([Fault("header.Idempotency-Key", "must be 1 to 255 visible ASCII characters")])
    key = _digest(request.state.actor, request.method, request.url.path, given)
    lock = _running.setdefault(key, asyncio.Lock())
    async with lock:
        same, stored = service.idempotency.begin(key, hashlib.sha256(await request.body()).hexdigest())
        if not same:
            raise Invalid([Fault("header.Idempotency-Key", "was used with another body")])
        if stored is not None:
            return _replayed(stored)
        answer = await work(f"key:{key}")
        kept = {name: value for name, value in answer.headers.items() if name.lower() in _KEPT_HEADERS}
        service.idempotency.finish(key, StoredAnswer(status=answer.status_code or 200, headers=kept, body=answer.content))
        return answer


def _replayed(stored: StoredAnswer) -> Response[bytes]:
    headers = {**stored.headers, "Idempotent-Replayed": "true"}
    return Response(stored.body, status_code=stored.status, media_type="application/json", headers=headers)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:40]

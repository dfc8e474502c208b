"""``/openapi.json`` and ``/docs``."""

from __future__ import annotations

import functools

import msgspec
from litestar import Response, get

from flow_api.http.contract.document import document
from flow_api.http.contract.page import STYLE, page

_CACHE = {"Cache-Control": "max-age=300"}


@functools.cache
def _json() -> bytes:
    return msgspec.json.encode(document())


@get("/openapi.json")
async def openapi() -> Response[bytes]:
    return Response(_json(), media_type="application/json", headers=_CACHE)


@get("/docs")
async def docs() -> Response[str]:
    return Response(page(), media_type="text/html; charset=utf-8", headers=_CACHE)


@get("/docs.css")
async def docs_css() -> Response[str]:
    return Response(STYLE, media_type="text/css; charset=utf-8", headers=_CACHE)


handlers = [openapi, docs, docs_css]

"""HEAD over real HTTP: the status and headers of GET, and no body."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import httpx
import uvicorn
from flow_api.http.head import HeadAsGet

from tests.support.flow_service import NUMBER, chase, running


async def test_head_is_get_without_a_body(tmp_path: Path) -> None:
    async with running(tmp_path) as world:
        server = uvicorn.Server(uvicorn.Config(HeadAsGet(world.app), log_level="error", lifespan="off"))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as client:
                flow = (await client.post("/api/call-flows", json=chase())).json()
                for path in ("/", "/health/live", "/api/call-flows", f"/api/call-flows/{flow['id']}", "/api/call-flows/nobody"):
                    got, headed = await client.get(path), await client.head(path)
                    assert (headed.status_code, headed.content) == (got.status_code, b"")
                    assert headed.headers["content-length"] == got.headers["content-length"]
                    assert headed.headers.get("etag") == got.headers.get("etag")
                call = (await client.post("/api/calls", json={"phone_number": NUMBER, "mode": "explore", "intent": "x"})).json()
                # What has no end while the call goes on: the next request on the connection must not wait for it.
                for path in (f"/api/calls/{call['id']}/events", "/api/audit/events"):
                    headed = await client.head(path)
                    assert (headed.status_code, headed.content) == (200, b"")
                    async with asyncio.timeout(5):
                        assert (await client.get("/health/live")).status_code == 200
            server.should_exit = True
            await serving

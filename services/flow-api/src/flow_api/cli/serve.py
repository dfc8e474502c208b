"""``serve``: the REST service."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn
from call_contract.structured_logs import log_json
from event_log.client import check_uri

from flow_api.adapters.system import SystemClock, SystemIds
from flow_api.adapters.tokens import Tokens
from flow_api.app import build
from flow_api.http.head import HeadAsGet
from flow_api.settings import Settings, from_environment
from flow_api.tracing import TracesUnavailable

#: Open event streams are cut off this long after a stop was asked for.
GRACE_S = 5
#: Idle connections are kept this long: longer than the usual poll of a client.
KEEP_ALIVE_S = 30


def add_to(commands: Any) -> None:
    parser = commands.add_parser("serve", help="serve the REST API (settings: FLOW_API_*, EVENTSTORE_URI, CALL_ENGINE_TARGET)")
    parser.add_argument("--host", help="address to bind (FLOW_API_HOST, default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to bind (FLOW_API_PORT, default 8080)")
    parser.add_argument("--data", help="folder of the read model, keys and tokens (FLOW_API_DATA, default data/flow-api)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    settings = from_environment(os.environ, host=args.host, port=args.port, data=args.data)
    log_json(settings.log_level)
    try:
        check_uri(settings.eventstore_uri)
        settings.data.mkdir(parents=True, exist_ok=True)
    except ValueError as problem:
        return _refuse(f"EVENTSTORE_URI: {problem}")
    except OSError as error:
        return _refuse(f"cannot use FLOW_API_DATA={settings.data}: {error.strerror}")
    if not settings.is_loopback and not _has_tokens(settings):
        return _refuse(f"refusing to serve {settings.host} without tokens; make one: python -m flow_api tokens create NAME")
    try:
        listening = _listen(settings)
    except OSError as error:
        return _refuse(f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}")
    try:
        app = build(settings)
    except TracesUnavailable as problem:
        return _refuse(str(problem))
    except OSError as error:
        return _refuse(f"cannot read {error.filename}: {error.strerror}")
    config = uvicorn.Config(
        HeadAsGet(app),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        loop="auto",
    )
    logging.info("flow-api listens on http://%s:%s", *listening.getsockname()[:2])
    with contextlib.suppress(KeyboardInterrupt):
        Server(config, app.state.stopping.set).run(sockets=[listening])
    return 0


class Server(uvicorn.Server):
    """Tells open event streams to end before it waits for connections to close."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((settings.host, settings.port))
    listening.listen(512)
    listening.set_inheritable(True)
    return listening


def _has_tokens(settings: Settings) -> bool:
    return Tokens(settings.data / "tokens.sqlite", SystemIds(), SystemClock()).any()


def _refuse(reason: str) -> int:
    print(f"flow-api: {reason}", file=sys.stderr)
    return 1

"""The embedded event store as a command: ``python -m event_log.node --db FILE --port 2113``."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
import time
import uuid
from pathlib import Path

import uvloop

from event_log.node.access import Access
from event_log.node.file import CannotOpen
from event_log.node.node import Node, Outside, PortTaken, Settings

PASSWORD_VARIABLE = "EVENTSTORE_PASSWORD"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
EXIT_CANNOT_OPEN = 3
EXIT_PORT_TAKEN = 4
EXIT_BROKEN = 5


def main() -> int:
    arguments = _parser().parse_args()
    settings = Settings(
        db=None if arguments.db == ":memory:" else Path(arguments.db),
        host=arguments.host,
        port=arguments.port,
        append_bytes_max=arguments.append_bytes_max,
        size_max_bytes=arguments.size_max_mib << 20 if arguments.size_max_mib else None,
        check_whole=arguments.check,
        access=_access(arguments),
    )
    if settings.access and settings.access.user and not settings.access.password:
        print(f"event store: the password of {settings.access.user} is missing; set {PASSWORD_VARIABLE}", file=sys.stderr)
        return EXIT_CANNOT_OPEN
    if open_to_all(settings):
        print(f"event store: at {settings.host} whoever reaches the port can read and write; use TLS and --user", file=sys.stderr)
    try:
        return uvloop.run(_serve(settings))
    except CannotOpen as error:
        print(f"event store: {error}", file=sys.stderr)
        return EXIT_CANNOT_OPEN
    except OSError as error:
        print(f"event store: {error.filename}: {error.strerror}", file=sys.stderr)
        return EXIT_CANNOT_OPEN
    except PortTaken as error:
        print(f"event store: {error}", file=sys.stderr)
        return EXIT_PORT_TAKEN


def open_to_all(settings: Settings) -> bool:
    """Whether others than this machine can come in without a password."""
    return settings.host not in LOOPBACK and not (settings.access and settings.access.user)


async def _serve(settings: Settings) -> int:
    node = Node(settings, Outside(lambda: time.time_ns() // 100, time.monotonic, lambda: str(uuid.uuid4())))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await node.start()
    gc.freeze()  # what is there now stays: no need to look through it again and again
    tls = "true" if settings.access else "false"
    print(f"event store ready: esdb://{settings.host}:{node.port}?Tls={tls} on {settings.db or 'memory'}", flush=True)
    stopped, ended = asyncio.create_task(stop.wait()), asyncio.create_task(node.committer.ended.wait())
    await asyncio.wait((stopped, ended), return_when=asyncio.FIRST_COMPLETED)
    broken = not stop.is_set()
    await node.stop()
    return EXIT_BROKEN if broken else 0


def _access(arguments: argparse.Namespace) -> Access | None:
    if arguments.tls_cert is None or arguments.tls_key is None:
        if arguments.tls_cert or arguments.tls_key or arguments.user:
            _parser().error("--tls-cert and --tls-key go together, and --user needs both")
        return None
    return Access(arguments.tls_cert, arguments.tls_key, arguments.user, os.environ.get(PASSWORD_VARIABLE, ""))


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("0 to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m event_log.node",
        description="A single EventStoreDB node on one SQLite file, for esdb clients. Ready when it says so on standard output.",
    )
    parser.add_argument("--db", required=True, metavar="FILE", help="the store; made if it is not there; :memory: keeps nothing")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=2113, help="port; 0: a free one, see the ready line (default: %(default)s)")
    parser.add_argument("--append-bytes-max", type=int, default=1 << 20, help="largest append (default: %(default)s)")
    parser.add_argument("--size-max-mib", type=int, help="largest file; when it is full, writes are refused and reads go on")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="serve TLS with this certificate (PEM); needs --tls-key")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="the key of the certificate (PEM)")
    parser.add_argument("--user", help=f"with TLS: the only user let in; the password is in {PASSWORD_VARIABLE}")
    parser.add_argument("--check", action="store_true", help="check the whole file before starting, whatever its size")
    return parser

"""The event log that a command works on: a store by its URI, or an export in a file."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from event_log import client
from event_log.memory import MemoryEventLog
from event_log.port import EventLog
from event_log.records import EventLogError

from flow_api.audit_import import ImportRefused, import_lines
from flow_api.domain.errors import DomainError
from flow_api.settings import SettingsError

Work = Callable[[EventLog, argparse.Namespace], Awaitable[int]]


def add_arguments(parser: Any, *, file: bool = True) -> None:
    default = os.environ.get("EVENTSTORE_URI", "esdb://127.0.0.1:2113?Tls=false")
    shown = re.sub(r"//[^@/]*@", "//", default)
    parser.add_argument("--store", default=default, help=f"URI of the event store (EVENTSTORE_URI, now {shown})")
    if file:
        parser.add_argument("--file", type=Path, help="work on an export in this file instead of a store")


def on_log(work: Work) -> Callable[[argparse.Namespace], int]:
    """The command as argparse wants it: opens the log, runs the work, and says in one line why it could not."""

    def run(args: argparse.Namespace) -> int:
        try:
            return asyncio.run(_run(work, args))
        except BrokenPipeError:
            raise
        except (DomainError, EventLogError, ImportRefused, OSError, msgspec.MsgspecError) as error:
            print(f"flow-api: {error}", file=sys.stderr)
            return 1

    return run


async def _run(work: Work, args: argparse.Namespace) -> int:
    async with _opened(args) as log:
        return await work(log, args)


@asynccontextmanager
async def _opened(args: argparse.Namespace) -> AsyncIterator[EventLog]:
    file: Path | None = getattr(args, "file", None)
    log: EventLog = MemoryEventLog() if file is not None else await _connected(args.store)
    try:
        if file is not None:
            with file.open("rb") as lines:
                await import_lines(log, lines)
        yield log
    finally:
        await log.close()


async def _connected(uri: str) -> EventLog:
    """Raises SettingsError for what is no URI of a store."""
    try:
        return await client.connect(uri)
    except ValueError as problem:
        raise SettingsError(f"EVENTSTORE_URI: {problem}") from problem

"""``projections``: rebuild the read model; show the events that no subscriber could take in."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import msgspec
from event_log.port import EventLog

from flow_api.adapters.checkpoints import Checkpoints
from flow_api.cli import stores
from flow_api.projections.files import live_file
from flow_api.projections.read_model import open_database
from flow_api.projections.rebuild import rebuild
from flow_api.settings import from_environment


def add_to(commands: Any) -> None:
    parser = commands.add_parser("projections", help="rebuild the read model, show dead letters")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    action = actions.add_parser("rebuild", help="build it anew beside the live one and swap it in; a running service follows")
    action.add_argument("--data", help="folder of the service (FLOW_API_DATA, default data/flow-api)")
    stores.add_arguments(action, file=False)
    action.set_defaults(run=stores.on_log(_rebuild))
    letters = actions.add_parser("dead-letters", help="events that the read model or the learner could not take in, one JSON object a line")
    letters.add_argument("--data", help="folder of the service (FLOW_API_DATA, default data/flow-api)")
    letters.add_argument("--discard", action="store_true", help="and forget the learner's (those of the read model go with a rebuild)")
    letters.set_defaults(run=_dead_letters)


async def _rebuild(log: EventLog, args: argparse.Namespace) -> int:
    folder: Path = from_environment(os.environ, data=args.data).data
    print(msgspec.json.encode(await rebuild(log, folder)).decode())
    return 0


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """Which subscriber could not take in which event, and why."""

    subscriber: str
    position: int
    stream: str
    error: str


def _dead_letters(args: argparse.Namespace) -> int:
    folder: Path = from_environment(os.environ, data=args.data).data
    folder.mkdir(parents=True, exist_ok=True)
    reads, checkpoints = open_database(live_file(folder)), Checkpoints(folder / "reactors.sqlite")
    buried = [("read_model", *row) for row in reads.execute("SELECT position, stream, error FROM dead_letters ORDER BY position")]
    for subscriber, position, stream, error in [*buried, *checkpoints.letters()]:
        print(msgspec.json.encode(DeadLetter(subscriber=subscriber, position=position, stream=stream, error=error)).decode())
    if args.discard:
        checkpoints.discard_letters()
    reads.close()
    checkpoints.close()
    return 0

"""``projections``: rebuild the read model."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import msgspec
from event_log.port import EventLog

from flow_api.cli import stores
from flow_api.projections.rebuild import rebuild
from flow_api.settings import from_environment


def add_to(commands: Any) -> None:
    parser = commands.add_parser("projections", help="rebuild the read model")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    action = actions.add_parser("rebuild", help="build it anew beside the live one and swap it in; a running service follows")
    action.add_argument("--data", help="folder of the service (FLOW_API_DATA, default data/flow-api)")
    stores.add_arguments(action, file=False)
    action.set_defaults(run=stores.on_log(_rebuild))


async def _rebuild(log: EventLog, args: argparse.Namespace) -> int:
    folder: Path = from_environment(os.environ, data=args.data).data
    print(msgspec.json.encode(await rebuild(log, folder)).decode())
    return 0

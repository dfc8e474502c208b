"""``tokens``: create, list and revoke bearer tokens."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from flow_api.adapters.system import SystemClock, SystemIds
from flow_api.adapters.tokens import SCOPES, Tokens
from flow_api.settings import from_environment


def add_to(commands: Any) -> None:
    parser = commands.add_parser("tokens", help="create, list and revoke bearer tokens")
    parser.add_argument("--data", help="folder of the service (FLOW_API_DATA, default data/flow-api)")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="make a token and print it, this once")
    create.add_argument("name", help="the actor that its events will carry")
    create.add_argument("--scope", action="append", choices=SCOPES, help="may be given several times; default: all")
    create.set_defaults(run=_create)
    actions.add_parser("list", help="names and scopes").set_defaults(run=_list)
    revoke = actions.add_parser("revoke", help="make a token worthless")
    revoke.add_argument("name")
    revoke.set_defaults(run=_revoke)


def _open(args: argparse.Namespace) -> Tokens:
    settings = from_environment(os.environ, data=args.data)
    settings.data.mkdir(parents=True, exist_ok=True)
    return Tokens(settings.data / "tokens.sqlite", SystemIds(), SystemClock())


def _create(args: argparse.Namespace) -> int:
    try:
        print(_open(args).create(args.name, args.scope or list(SCOPES)))
    except ValueError as error:
        print(f"flow-api: {error}", file=sys.stderr)
        return 1
    return 0


def _list(args: argparse.Namespace) -> int:
    for token in _open(args).list():
        state = f"revoked {token.revoked_at}" if token.revoked_at else f"since {token.created_at}"
        print(f"{token.name}\t{' '.join(token.scopes)}\t{state}")
    return 0


def _revoke(args: argparse.Namespace) -> int:
    if _open(args).revoke(args.name):
        return 0
    print(f"flow-api: there is no token named {args.name!r}", file=sys.stderr)
    return 1

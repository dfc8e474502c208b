"""Discoveries in the order in which they began, each written once all that belongs to it is known.

A menu's discovery waits for the fingerprint of its prompt and for the reaction to the press; those behind it wait with it.
"""

from __future__ import annotations

from typing import Any

import msgspec
from call_contract.call_events import DiscoveryMade
from call_contract.discoveries import Discovery

from call_engine.core.outbox import Outbox


class Pending:
    """One discovery that may still change."""

    def __init__(self, discovery: Discovery, recording_id: str, open_: bool, seal: str) -> None:
        self.discovery = discovery
        self.recording_id = recording_id  #: whose fingerprint it waits for; empty: none
        self.open = open_
        self.seal = seal

    def change(self, **fields: Any) -> None:
        self.discovery = msgspec.structs.replace(self.discovery, **fields)


class DiscoveryLog:
    def __init__(self, outbox: Outbox) -> None:
        self._out = outbox
        self._pending: list[Pending] = []

    def add(self, discovery: Discovery, *, recording_id: str = "", keep_open: bool = False, seal: str = "") -> Pending:
        """``keep_open``: it will be settled later; ``recording_id``: a fingerprint will come under this id."""
        pending = Pending(discovery, recording_id, keep_open, seal)
        self._pending.append(pending)
        self._write()
        return pending

    def settle(self, pending: Pending, **fields: Any) -> None:
        pending.change(**fields)
        pending.open = False
        self._write()

    def fingerprint(self, recording_id: str, fingerprint: str) -> None:
        for pending in self._pending:
            if pending.recording_id == recording_id:
                pending.change(fingerprint=fingerprint)
                pending.recording_id = ""
        self._write()

    def close(self) -> None:
        """The call is over: what is not known now never will be."""
        for pending in self._pending:
            pending.open, pending.recording_id = False, ""
        self._write()

    def _write(self) -> None:
        while self._pending and not self._pending[0].open and not self._pending[0].recording_id:
            ready = self._pending.pop(0)
            self._out.record(DiscoveryMade(discovery=ready.discovery), seal=ready.seal)

"""What one look has found."""

from __future__ import annotations

import enum

import msgspec


class Health(enum.StrEnum):
    OK = "ok"
    WARNING = "warning"  #: calls can be made, but something will be missing
    BROKEN = "broken"  #: calls cannot be made


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """``remedy`` says what to do about it; empty where all is well."""

    name: str
    health: Health
    found: str
    remedy: str = ""


def well(name: str, found: str) -> Finding:
    return Finding(name=name, health=Health.OK, found=found)


def warning(name: str, found: str, remedy: str) -> Finding:
    return Finding(name=name, health=Health.WARNING, found=found, remedy=remedy)


def broken(name: str, found: str, remedy: str) -> Finding:
    return Finding(name=name, health=Health.BROKEN, found=found, remedy=remedy)

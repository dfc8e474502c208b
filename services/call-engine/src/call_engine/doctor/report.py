"""``python -m call_engine doctor``: every look in turn, printed as it comes. The exit code is 1 when calls cannot be made."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import AsyncIterator

import msgspec

from call_engine.doctor import machine, models, store, telephone
from call_engine.doctor.finding import Finding, Health, broken
from call_engine.environment import from_env
from call_engine.settings import Settings, SettingsError

MARKS = {Health.OK: "ok     ", Health.WARNING: "warning", Health.BROKEN: "BROKEN "}


def run(arguments: argparse.Namespace) -> int:
    try:
        settings = from_env(os.environ)
    except SettingsError as problem:
        findings = [broken("settings", str(problem), "see .env.example")]
        _tell(findings[0], arguments.json)
    else:
        findings = asyncio.run(_all(settings, arguments.json))
    if arguments.json:
        print(msgspec.json.encode(findings).decode())
    return int(any(finding.health is Health.BROKEN for finding in findings))


async def _all(settings: Settings, as_json: bool) -> list[Finding]:
    findings = []
    async for finding in look(settings):
        findings.append(finding)
        _tell(finding, as_json)
    return findings


async def look(settings: Settings) -> AsyncIterator[Finding]:
    for finding in machine.look(settings):
        yield finding
    yield await store.look(settings)
    for finding in models.look(settings):
        yield finding
    async for finding in telephone.look(settings):
        yield finding


def _tell(finding: Finding, as_json: bool) -> None:
    if as_json:
        return
    print(f"{MARKS[finding.health]}  {finding.name:<17} {finding.found}")
    if finding.remedy:
        print(f"{'':<9}{'':<17} → {finding.remedy}")

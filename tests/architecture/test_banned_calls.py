"""Clock, chance and broad excepts stand only where they are allowed; tests do not sleep or mock."""

from __future__ import annotations

import ast
import fnmatch
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, files, tree

CLOCK_AND_CHANCE = {
    "time.time", "time.monotonic", "time.perf_counter", "time.time_ns", "time.monotonic_ns", "datetime.now", "datetime.utcnow",
    "datetime.today", "uuid4", "uuid.uuid4", "uuid1", "random.random", "random.choice", "random.randint", "random.shuffle",
    "secrets.token_bytes", "secrets.token_hex", "secrets.token_urlsafe", "os.urandom", "dt.datetime.now", "dt.datetime.utcnow",
}  # fmt: skip

#: The rings where the outside world may be asked.
CLOCK_OWNERS = [
    "*/adapters/system.py", "event_log/node/*", "ivr_sim/sip*.py", "call_engine/line/*", "line_audio/training/*",
]  # fmt: skip

#: Files that may hold one of a service's outermost loops.
BROAD_EXCEPT_OWNERS = [
    "call_engine/session.py", "call_engine/rpc/server.py", "call_engine/adapters/whisper_worker.py", "flow_api/reactors/loop.py",
    "flow_api/http/problems.py",
]  # fmt: skip

BANNED_NAMES = {"utils", "helpers", "common", "util", "helper", "misc", "manager", "managers"}


def dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


def matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def bound_by_imports(path: Path) -> set[str]:
    """The names that imports give: a seeded generator in a variable called ``random`` is not the module."""
    return {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def test_clock_and_chance_are_asked_only_at_the_edge() -> None:
    faults = [
        f"{name}:{node.lineno} calls {dotted(node.func)}"
        for name, path in files()
        if not matches(name, CLOCK_OWNERS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and dotted(node.func) in CLOCK_AND_CHANCE
        if dotted(node.func).split(".")[0] in bound_by_imports(path)
    ]
    assert not faults, "\n".join(faults)


def test_broad_excepts_stand_only_in_outermost_loops() -> None:
    faults = [
        f"{name}:{node.lineno}"
        for name, path in files()
        if not matches(name, BROAD_EXCEPT_OWNERS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and (node.type is None or dotted(node.type) in {"Exception", "BaseException"})
    ]
    assert not faults, "\n".join(faults)


def test_files_are_named_after_the_domain() -> None:
    assert not [name for name, path in files() if {path.stem, *path.parent.parts[-2:]} & BANNED_NAMES]


@pytest.mark.parametrize("word", ["sleep(", "unittest.mock"])
def test_tests_neither_sleep_nor_mock(word: str) -> None:
    here = ROOT / "tests"
    faults = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(here.rglob("test_*.py"))
        if path.parent.name != "architecture"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if word in line and not (word == "sleep(" and "sleep(0)" in line)
    ]
    assert not faults, "\n".join(faults)

"""The project's Python sources, parsed once for every rule of the house."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "call_contract": ROOT / "libs/call-contract/src/call_contract",
    "event_log": ROOT / "libs/event-log/src/event_log",
    "line_audio": ROOT / "libs/line-audio/src/line_audio",
    "ivr_sim": ROOT / "libs/ivr-sim/src/ivr_sim",
    "flow_api": ROOT / "services/flow-api/src/flow_api",
    "call_engine": ROOT / "services/call-engine/src/call_engine",
}
SERVICES = {"flow_api", "call_engine"}


@functools.cache
def files() -> tuple[tuple[str, Path], ...]:
    """(path inside the package such as ``call_engine/core/menu.py``, path on disk), generated code left out."""
    found = []
    for package, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*.py")):
            if "_pb2" not in path.name and "__pycache__" not in path.parts:
                found.append((f"{package}/{path.relative_to(folder).as_posix()}", path))
    return tuple(found)


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import, wherever it stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"

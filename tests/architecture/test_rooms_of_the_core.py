"""The packages of ``call_engine/core`` build on one another in one order: what stands lower knows nothing of what stands higher."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT, files, imports, tree

#: Packages and modules of ``core/``, from the ground up. Whoever imports looks only at what stands before it, or into its own package.
ORDER = [
    "call_time", "effects", "voicing", "happenings", "plan", "settings", "waking", "outbox",
    "vocabulary", "menus", "menu", "understanding", "utterance", "facts", "orders", "walk",
    "turn_taking", "hearing", "flows", "dtmf", "kit", "holding", "navigation", "explorer", "state_picture",
    "call_control", "following", "executor", "brain",
]  # fmt: skip
CORE = "call_engine/core/"


def room(name: str) -> str:
    """``call_engine/core/menus/key.py`` stands in ``menus``, ``call_engine/core/menu.py`` is ``menu``."""
    return name.removeprefix(CORE).split("/")[0].removesuffix(".py")


def looks_up(here: str, module: str) -> bool:
    """Whether an import of this dotted name, in this room, is of something that does not stand lower."""
    parts = module.split(".")
    if parts[:2] != ["call_engine", "core"] or len(parts) == 2 or parts[2] == here:
        return False
    return parts[2] not in ORDER[: ORDER.index(here)]


def test_the_core_imports_only_downwards() -> None:
    faults = sorted(
        {
            f"{name}:{line} imports {module}"
            for name, path in files()
            if name.startswith(CORE) and name != f"{CORE}__init__.py"
            for line, module in imports(path)
            if looks_up(room(name), module)
        }
    )
    assert not faults, "\n".join(faults)


def test_the_core_imports_by_full_names() -> None:
    """A relative import would pass by the rule above."""
    faults = [
        f"{name}:{node.lineno}"
        for name, path in files()
        if name.startswith(CORE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not faults, "\n".join(faults)


def test_every_room_has_its_place() -> None:
    found = {room(name) for name, _ in files() if name.startswith(CORE)} - {"__init__"}
    assert found == set(ORDER)
    assert len(ORDER) == len(set(ORDER))


@pytest.mark.parametrize(
    ("here", "line", "wrong"),
    [
        ("menus", "from call_engine.core.vocabulary.words import Word", False),
        ("menus", "from call_engine.core.menus.key import Key", False),
        ("menus", "import numpy", False),
        ("menus", "from call_engine.core.menu import understand", True),
        ("menus", "from call_engine.core import brain", True),
        ("menus", "import call_engine.core.holding.human", True),
        ("holding", "def late():\n    from call_engine.core.explorer import Explorer", True),
        ("executor", "from call_engine.core.nowhere import nothing", True),
    ],
)
def test_who_looks_up_is_found(tmp_path: Path, here: str, line: str, wrong: bool) -> None:
    path = tmp_path / "offender.py"
    path.write_text(line, encoding="utf-8")
    assert any(looks_up(here, module) for _, module in imports(path)) is wrong


def test_the_documents_tell_the_packages_in_this_order() -> None:
    folder = PACKAGES["call_engine"] / "core"
    packages = [name for name in ORDER if (folder / name).is_dir()]
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `core/(\w+)/` \|", text, flags=re.M) == packages

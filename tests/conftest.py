"""The level of a test is the folder it is in: the mark comes from the path, so that no test is without one."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        level = item.path.relative_to(HERE).parts[0]
        item.add_marker(getattr(pytest.mark, level))

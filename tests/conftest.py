"""The level of a test is the folder it is in: the mark comes from the path, so that no test is without one.

Property tests draw the same examples on every run, so a red run is red again. `HYPOTHESIS_PROFILE=search` looks for new ones.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # as the engine sets it: on a busy machine threads of a matrix product wait for each other

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        level = item.path.relative_to(HERE).parts[0]
        item.add_marker(getattr(pytest.mark, level))

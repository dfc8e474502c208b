"""``flow_server`` as a child process, for tests that need a real address: a terminal client, a browser."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def flow_server(*options: str) -> Iterator[str]:
    """The address of a running flow-api with a log of its own and an engine that behaves."""
    process = subprocess.Popen([sys.executable, "-m", "tests.support.flow_server", *options], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(timeout=20)

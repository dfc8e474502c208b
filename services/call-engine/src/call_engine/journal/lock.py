"""One engine per journal folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class DirectoryTaken(Exception):
    """Another engine is writing there."""


class DirectoryLock:
    """Held until released or until the process ends, however it ends."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / ".lock"
        self._descriptor = -1

    def take(self) -> None:
        """Raises DirectoryTaken."""
        descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            os.close(descriptor)
            raise DirectoryTaken(f"{self._path.parent} is used by another engine; set CALL_ENGINE_DATA") from problem
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

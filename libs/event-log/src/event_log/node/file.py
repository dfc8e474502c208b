"""The file: its schema, and opening it so that a damaged or foreign one is refused in one line instead of being repaired."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import IO

import msgspec

from event_log.node.wal import PAGE_BYTES, torn_commits

APPLICATION_ID = 0x45564C47  # "EVLG"
FORMAT = 1
MAPPED_BYTES = 1 << 40  # or what SQLite was built for: a stream's events lie far apart in a large file, a copied page for each
CHECKED_WHOLE_BYTES_MAX = 64 << 20  # a larger file is checked whole only when asked, since that takes seconds a gigabyte

SCHEMA = """
CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE event (
  position INTEGER PRIMARY KEY,  -- bytes since the beginning of the log, in the order of $all
  stream INTEGER NOT NULL, revision INTEGER NOT NULL, type TEXT NOT NULL, created_ticks INTEGER NOT NULL,
  crc INTEGER NOT NULL,          -- CRC-32 of read_event
  read_event BLOB NOT NULL       -- what a reader is sent: see wire.py
) STRICT;
CREATE UNIQUE INDEX event_of_stream ON event (stream, revision);
CREATE TABLE subscription (
  source TEXT NOT NULL, name TEXT NOT NULL, settings BLOB NOT NULL, PRIMARY KEY (source, name)
) STRICT, WITHOUT ROWID;
"""


class CannotOpen(Exception):
    """The file cannot be used. The message is for the person who started the node."""


class StoreFile(msgspec.Struct, frozen=True):
    """``writer`` belongs to the committing thread, ``reader`` to the loop's. In memory they are one connection."""

    writer: sqlite3.Connection
    reader: sqlite3.Connection
    created: bool
    lock: IO[str] | None

    def close(self) -> None:
        self.reader.close()
        self.writer.close()  # the last connection folds the write-ahead log into the file
        if self.lock is not None:
            self.lock.close()


def open_memory() -> StoreFile:
    """A store that lives as long as the process."""
    connection = _connect(":memory:")
    connection.executescript(SCHEMA)
    return StoreFile(connection, connection, True, None)


def open_file(path: Path, *, size_max_bytes: int | None = None, check_whole: bool = False, vfs: str | None = None) -> StoreFile:
    """Open or create. Raises CannotOpen."""
    try:
        lock = _lock(path)
        created = not path.exists() or path.stat().st_size == 0
        if not created:
            _refuse_damage(path, check_whole, vfs)
        writer = _connect(_uri(path, vfs), size_max_bytes)
        if created:
            _create(writer)
            _sync_folder(path)
        reader = _connect(_uri(path, vfs))
        reader.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
        return StoreFile(writer, reader, created, lock)
    except sqlite3.Error as error:
        raise CannotOpen(f"{path} cannot be used as an event store: {error}") from None
    except OSError as error:
        raise CannotOpen(f"{path} cannot be opened: {error.strerror}") from None


def _uri(path: Path, vfs: str | None) -> str:
    return path.absolute().as_uri() + (f"?vfs={vfs}" if vfs else "")


def _connect(where: str, size_max_bytes: int | None = None) -> sqlite3.Connection:
    connection = sqlite3.connect(where, uri=True, isolation_level=None, check_same_thread=False, timeout=0.0, cached_statements=64)
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # every commit is fsynced before it is answered
    connection.execute("PRAGMA wal_autocheckpoint = 2000")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    connection.execute("PRAGMA cache_size = -65536")
    if size_max_bytes is not None:
        connection.execute(f"PRAGMA max_page_count = {max(1, size_max_bytes // PAGE_BYTES)}")
    return connection


def _create(connection: sqlite3.Connection) -> None:
    connection.executescript(f"BEGIN; {SCHEMA} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT}; COMMIT;")


def _sync_folder(path: Path) -> None:
    """The entry of a new file in its folder has to survive a power cut too."""
    folder = os.open(path.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _lock(path: Path) -> IO[str]:
    lock = open(f"{path}.lock", "w")  # noqa: SIM115 - held until the node ends
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CannotOpen(f"{path} is in use by another node") from None
    return lock


def _refuse_damage(path: Path, check_whole: bool, vfs: str | None) -> None:
    """SQLite drops a write-ahead log from the first bad frame on without a word, so that is looked at before it is opened."""
    if (bad := torn_commits(Path(f"{path}-wal"))) is not None:
        raise CannotOpen(f"{path}-wal is damaged at byte {bad}, before events that were acknowledged; restore a backup")
    connection = sqlite3.connect(_uri(path, vfs), uri=True, isolation_level=None)
    try:
        identity = connection.execute("PRAGMA application_id").fetchone()[0], connection.execute("PRAGMA user_version").fetchone()[0]
        if identity[0] != APPLICATION_ID:
            raise CannotOpen(f"{path} is a SQLite file, but not an event store")
        if identity[1] != FORMAT:
            raise CannotOpen(f"{path} has format {identity[1]}, this node reads format {FORMAT}")
        if check_whole or path.stat().st_size <= CHECKED_WHOLE_BYTES_MAX:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise CannotOpen(f"{path} is damaged: {verdict.splitlines()[-1]}")
    finally:
        connection.close()

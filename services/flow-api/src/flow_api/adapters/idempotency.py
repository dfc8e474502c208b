"""Answers to requests with an ``Idempotency-Key``, in an SQLite file, so that they survive a restart."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import msgspec

from flow_api.ports import Clock

KEEP = dt.timedelta(days=7)
#: Old answers are thrown away after so many new keys.
SWEEP_EVERY = 1_000


class StoredAnswer(msgspec.Struct, frozen=True, kw_only=True):
    status: int
    headers: dict[str, str]
    body: bytes


class Idempotency:
    """``begin`` before the work, ``finish`` after it. A key is bound to the first body it came with."""

    def __init__(self, path: Path | str, clock: Clock) -> None:
        self._clock = clock
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode = WAL;"
            "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, body_hash TEXT NOT NULL, at TEXT NOT NULL, answer BLOB);"
            "CREATE INDEX IF NOT EXISTS answers_by_time ON answers (at)"
        )
        self._until_sweep = 0

    def begin(self, key: str, body_hash: str) -> tuple[bool, StoredAnswer | None]:
        """(whether the key belongs to this body, the answer given before if there is one)."""
        self._sweep()
        self._db.execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?, NULL)", (key, body_hash, self._clock.now().isoformat()))
        known, stored = self._db.execute("SELECT body_hash, answer FROM answers WHERE key = ?", (key,)).fetchone()
        return known == body_hash, msgspec.msgpack.decode(stored, type=StoredAnswer) if stored else None

    def finish(self, key: str, answer: StoredAnswer) -> None:
        self._db.execute("UPDATE answers SET answer = ? WHERE key = ?", (msgspec.msgpack.encode(answer), key))

    def _sweep(self) -> None:
        self._until_sweep -= 1
        if self._until_sweep < 0:
            self._db.execute("DELETE FROM answers WHERE at < ?", ((self._clock.now() - KEEP).isoformat(),))
            self._until_sweep = SWEEP_EVERY

    def close(self) -> None:
        self._db.close()

"""How far each reactor has come, and what it could not digest, in an SQLite file."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class Checkpoints:
    def __init__(self, path: Path | str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE IF NOT EXISTS checkpoints (reactor TEXT PRIMARY KEY, position INTEGER NOT NULL);"
            "CREATE TABLE IF NOT EXISTS origins (reactor TEXT PRIMARY KEY, event_id TEXT NOT NULL);"
            "CREATE TABLE IF NOT EXISTS dead_letters (reactor TEXT, position INTEGER, stream TEXT NOT NULL, error TEXT NOT NULL,"
            " PRIMARY KEY (reactor, position))"
        )

    def position(self, reactor: str) -> int:
        row = self._db.execute("SELECT position FROM checkpoints WHERE reactor = ?", (reactor,)).fetchone()
        return row[0] if row else 0

    def reached(self, reactor: str, position: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO checkpoints VALUES (?, ?)", (reactor, position))

    def begin(self, reactor: str, origin: str | None) -> int:
        """The position to go on from in the log with this first event; 0 where it is another log than the last time."""
        known = self._db.execute("SELECT event_id FROM origins WHERE reactor = ?", (reactor,)).fetchone()
        if known is not None and known[0] != origin:
            self.reached(reactor, 0)
        if origin is not None:
            self._db.execute("INSERT OR REPLACE INTO origins VALUES (?, ?)", (reactor, origin))
        return self.position(reactor)

    def bury(self, reactor: str, position: int, stream: str, error: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?)", (reactor, position, stream, error))

    def dead_letters(self) -> int:
        count: int = self._db.execute("SELECT count(*) FROM dead_letters").fetchone()[0]
        return count

    def letters(self) -> list[tuple[str, int, str, str]]:
        """(reactor, position, stream, error) of each, in the order of the log."""
        return self._db.execute("SELECT reactor, position, stream, error FROM dead_letters ORDER BY position, reactor").fetchall()

    def discard_letters(self) -> None:
        """Forget them, once they were dealt with."""
        self._db.execute("DELETE FROM dead_letters")

    def close(self) -> None:
        self._db.close()

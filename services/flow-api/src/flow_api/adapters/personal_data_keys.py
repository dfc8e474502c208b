"""Keys that seal what live humans say, in an SQLite file of their own: never in the event log, and never in its back-ups.

AES-256-GCM; a sealed text is base64(nonce ‖ ciphertext ‖ tag) with the call id as associated data. ``secure_delete`` makes SQLite
overwrite a forgotten key in the file.
"""

from __future__ import annotations

import base64
import sqlite3
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from flow_api.domain.errors import IllegalNow
from flow_api.ports import Clock, Ids

KEY_BYTES = 32
NONCE_BYTES = 12


class SqliteKeys:
    """The keys of all calls. A forgotten key leaves a row without it, so that none is made again."""

    def __init__(self, path: Path | str, ids: Ids, clock: Clock) -> None:
        self._ids, self._clock = ids, clock
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL;"
            "CREATE TABLE IF NOT EXISTS keys (call_id TEXT PRIMARY KEY, key BLOB, made_at TEXT NOT NULL, forgotten_at TEXT)"
        )

    def make(self, call_id: str) -> bytes:
        self._db.execute(
            "INSERT OR IGNORE INTO keys VALUES (?, ?, ?, NULL)", (call_id, self._ids.secret(KEY_BYTES), self._clock.now().isoformat())
        )
        key = self._key(call_id)
        if key is None:
            raise IllegalNow(f"The personal data of call {call_id} was erased.")
        return key

    def unseal(self, call_id: str, sealed: str) -> str | None:
        key = self._key(call_id)
        if key is None:
            return None
        try:
            raw = base64.b64decode(sealed)
            return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], call_id.encode()).decode()
        except (InvalidTag, ValueError):
            return None

    def forget(self, call_id: str) -> bool:
        now = self._clock.now().isoformat()
        done = self._db.execute(
            "UPDATE keys SET key = NULL, forgotten_at = ? WHERE call_id = ? AND key IS NOT NULL", (now, call_id)
        ).rowcount
        return done > 0

    def is_forgotten(self, call_id: str) -> bool:
        row = self._db.execute("SELECT key IS NULL FROM keys WHERE call_id = ?", (call_id,)).fetchone()
        return bool(row and row[0])

    def close(self) -> None:
        self._db.close()

    def _key(self, call_id: str) -> bytes | None:
        row = self._db.execute("SELECT key FROM keys WHERE call_id = ?", (call_id,)).fetchone()
        return row[0] if row else None

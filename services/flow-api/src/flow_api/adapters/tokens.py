"""Bearer tokens with scopes, hashed at rest. A token is 256 random bits, so that a plain SHA-256 is as good as a slow hash."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
from pathlib import Path

import msgspec

from flow_api.ports import Clock, Ids

SCOPES = ("flows:read", "flows:write", "calls:write", "audit:read")
PREFIX = "fa_"
#: Actors in events that are no token: whoever asks without one on this machine, and the learning reactor.
LOCAL_ACTOR, LEARNER_ACTOR = OWN_ACTORS = ("local", "learner")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a token; the token itself is not."""

    name: str
    scopes: list[str]
    created_at: str
    revoked_at: str | None = None


class Tokens:
    """Tokens by name. A name is used once, so that the actor in old events stays the one who it was."""

    def __init__(self, path: Path | str, ids: Ids, clock: Clock) -> None:
        self._ids, self._clock = ids, clock
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode = WAL;"
            "CREATE TABLE IF NOT EXISTS tokens (name TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL,"
            " created_at TEXT NOT NULL, revoked_at TEXT)"
        )

    def create(self, name: str, scopes: list[str]) -> str:
        """The token, shown this once. Raises ValueError where the name cannot be used or a scope is unknown."""
        if not _NAME.fullmatch(name) or name in OWN_ACTORS:
            raise ValueError(
                f"{name!r} cannot be the name of a token: letters, digits and . _ @ -, at most 64, not {' or '.join(OWN_ACTORS)}"
            )
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown or not scopes:
            raise ValueError(f"scopes are {', '.join(SCOPES)}" + (f"; {unknown[0]!r} is none" if unknown else ""))
        token = PREFIX + base64.urlsafe_b64encode(self._ids.secret(32)).decode().rstrip("=")
        try:
            self._db.execute(
                "INSERT INTO tokens VALUES (?, ?, ?, ?, NULL)", (name, _hash(token), " ".join(scopes), self._clock.now().isoformat())
            )
        except sqlite3.IntegrityError:
            raise ValueError(f"there is, or was, a token named {name!r}") from None
        return token

    def revoke(self, name: str) -> bool:
        """False where there is no such token."""
        now = self._clock.now().isoformat()
        return self._db.execute("UPDATE tokens SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL", (now, name)).rowcount > 0

    def list(self) -> list[Token]:
        rows = self._db.execute("SELECT name, scopes, created_at, revoked_at FROM tokens ORDER BY created_at, name").fetchall()
        return [Token(name=name, scopes=scopes.split(), created_at=created, revoked_at=gone) for name, scopes, created, gone in rows]

    def known(self, token: str) -> Token | None:
        """The token's name and scopes, or None where it is unknown or revoked."""
        row = self._db.execute(
            "SELECT name, scopes, created_at FROM tokens WHERE hash = ? AND revoked_at IS NULL", (_hash(token),)
        ).fetchone()
        return Token(name=row[0], scopes=row[1].split(), created_at=row[2]) if row else None

    def any(self) -> bool:
        """Whether a token was ever made: from then on every request needs one."""
        return self._db.execute("SELECT 1 FROM tokens LIMIT 1").fetchone() is not None

    def close(self) -> None:
        self._db.close()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Words of live humans are encrypted with a key per call that is kept outside the log: erasing the key forgets the words.

AES-256-GCM; the sealed text is base64(nonce ‖ ciphertext ‖ tag), and the call id is the associated data, so that a sealed text
moved to another call does not open.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class CannotOpen(Exception):
    """Wrong key, wrong call, or a changed text."""


class Sealer:
    """Seals the words of one call. Without a key there is nothing to seal with, and the words are dropped."""

    def __init__(self, key: bytes, call_id: str, nonce: Callable[[int], bytes]) -> None:
        """``nonce(n)`` gives n random bytes. Raises ValueError on a key of another length than 32 bytes (or none)."""
        if len(key) not in (0, KEY_BYTES):
            raise ValueError(f"a personal data key has {KEY_BYTES} bytes, this one {len(key)}")
        self._cipher = AESGCM(key) if key else None
        self._call = call_id.encode()
        self._nonce = nonce

    def seal(self, text: str) -> str:
        if self._cipher is None or not text:
            return ""
        nonce = self._nonce(NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), self._call)).decode()


def unseal(sealed: str, key: bytes, call_id: str) -> str:
    """The words. Raises CannotOpen."""
    raw = base64.b64decode(sealed)
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], call_id.encode()).decode()
    except (InvalidTag, ValueError) as problem:
        raise CannotOpen(call_id) from problem

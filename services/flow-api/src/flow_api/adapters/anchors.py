"""Signed anchors: the head of every flow's hash chain at one time, signed with Ed25519.

A chain alone cannot show that its end was cut off, or that all of it was written anew. An anchor that was kept elsewhere can.
"""

from __future__ import annotations

import base64
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Head(msgspec.Struct, frozen=True, kw_only=True):
    stream: str
    revision: int
    hash: str


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """``public_key`` and ``signature`` are base64 of the raw 32 and 64 bytes; signed is the JSON of ``at`` and ``heads``."""

    at: str
    heads: list[Head]
    public_key: str = ""
    signature: str = ""


def signed(anchor: Anchor, key_file: Path) -> Anchor:
    """The anchor with its signature. The key is made where there is none; keep it away from the event store."""
    key = _key(key_file)
    return msgspec.structs.replace(
        anchor, public_key=base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        signature=base64.b64encode(key.sign(_signed_part(anchor))).decode(),
    )  # fmt: skip


def is_genuine(anchor: Anchor, public_key: str | None = None) -> bool:
    """Whether the signature is that of the given key (of the anchor's own, where none is given)."""
    if public_key is not None and public_key != anchor.public_key:
        return False
    try:
        verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(anchor.public_key))
        verifier.verify(base64.b64decode(anchor.signature), _signed_part(anchor))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed_part(anchor: Anchor) -> bytes:
    return msgspec.json.encode({"at": anchor.at, "heads": anchor.heads}, order="sorted")


def _key(file: Path) -> Ed25519PrivateKey:
    if file.exists():
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(file.read_text(encoding="ascii")))
    key = Ed25519PrivateKey.generate()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(base64.b64encode(key.private_bytes_raw()).decode(), encoding="ascii")
    return key

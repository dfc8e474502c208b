from __future__ import annotations

import pytest
from call_engine.sealing import CannotOpen, Sealer, unseal

KEY = bytes(range(32))


def sealer(call_id: str = "c1", key: bytes = KEY) -> Sealer:
    return Sealer(key, call_id, nonce=bytes)


def test_sealed_words_open_with_their_key_and_call_only() -> None:
    sealed = sealer().seal("this is Maria")
    assert "Maria" not in sealed
    assert unseal(sealed, KEY, "c1") == "this is Maria"
    for key, call_id in ((bytes(32), "c1"), (KEY, "c2")):
        with pytest.raises(CannotOpen):
            unseal(sealed, key, call_id)


def test_without_a_key_words_are_not_kept() -> None:
    assert sealer(key=b"").seal("this is Maria") == ""


def test_a_key_has_32_bytes() -> None:
    with pytest.raises(ValueError, match="32"):
        sealer(key=b"short")

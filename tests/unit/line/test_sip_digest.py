"""The examples of RFC 2617 section 3.5 and RFC 7616 section 3.9.1 use a client nonce of their own, so the hash is redone here."""

from __future__ import annotations

import hashlib
import re

import pytest
from call_engine.line.digest import authorization, challenge_in

CHALLENGE = 'Digest realm="x, y", nonce="n1", qop="auth,auth-int", opaque="o", algorithm={algorithm}'


@pytest.mark.parametrize(("algorithm", "function"), [("MD5", hashlib.md5), ("SHA-256", hashlib.sha256)])
def test_answer_to_a_challenge_with_qop(algorithm: str, function) -> None:  # type: ignore[no-untyped-def]
    challenge = challenge_in(CHALLENGE.format(algorithm=algorithm))
    value = authorization(challenge, method="BYE", uri="sip:a@b", username="u", password="p", salt="s")
    assert value is not None
    fields = {name: quoted or plain for name, quoted, plain in re.findall(r'(\w+)=(?:"([^"]*)"|([^,]+))', value)}

    def digest(text: str) -> str:
        return function(text.encode()).hexdigest()

    a1, a2 = digest("u:x, y:p"), digest("BYE:sip:a@b")
    assert fields["response"] == digest(f"{a1}:n1:00000001:{fields['cnonce']}:auth:{a2}")
    assert (fields["opaque"], fields["realm"], fields["qop"]) == ("o", "x, y", "auth")


def test_answer_without_qop_is_that_of_rfc_2069() -> None:
    challenge = challenge_in('Digest realm="r", nonce="n"')
    value = authorization(challenge, method="BYE", uri="sip:a@b", username="u", password="p", salt="s")
    a1, a2 = hashlib.md5(b"u:r:p").hexdigest(), hashlib.md5(b"BYE:sip:a@b").hexdigest()
    assert value is not None
    assert hashlib.md5(f"{a1}:n:{a2}".encode()).hexdigest() in value


def test_what_cannot_be_answered() -> None:
    assert challenge_in("Bearer abc") == {}
    assert authorization({"nonce": "n", "algorithm": "X"}, method="BYE", uri="u", username="u", password="p", salt="") is None

"""The answer to a digest challenge (RFC 7616 with MD5 or SHA-256, RFC 3261 section 22)."""

from __future__ import annotations

import hashlib
import re

HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def challenge_in(value: str) -> dict[str, str]:
    """The parameters of ``Digest realm="…", nonce="…", …``; empty for any other scheme."""
    scheme, _, rest = value.partition(" ")
    if scheme.lower() != "digest":
        return {}
    found = re.findall(r'(\w+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^,\s]+))', rest)
    return {name.lower(): quoted or plain for name, quoted, plain in found}


def authorization(challenge: dict[str, str], *, method: str, uri: str, username: str, password: str, salt: str) -> str | None:
    """The value of an Authorization header; None when the challenge asks for something else. ``salt`` makes the client nonce."""
    algorithm = challenge.get("algorithm", "MD5")
    if algorithm.upper() not in HASHES or not challenge.get("nonce"):
        return None

    def digest(*parts: str) -> str:
        return HASHES[algorithm.upper()](":".join(parts).encode()).hexdigest()

    realm, nonce = challenge.get("realm", ""), challenge["nonce"]
    secret, request = digest(username, realm, password), digest(method, uri)
    fields = [f'username="{username}"', f'realm="{realm}"', f'nonce="{nonce}"', f'uri="{uri}"', f"algorithm={algorithm}"]
    if "auth" in [quality.strip() for quality in challenge.get("qop", "").split(",")]:
        client_nonce = hashlib.sha256(f"{nonce} {salt}".encode()).hexdigest()[:16]
        response = digest(secret, nonce, "00000001", client_nonce, "auth", request)
        fields += ["qop=auth", "nc=00000001", f'cnonce="{client_nonce}"']
    else:
        response = digest(secret, nonce, request)
    fields.append(f'response="{response}"')
    if "opaque" in challenge:
        fields.append(f'opaque="{challenge["opaque"]}"')
    return "Digest " + ", ".join(fields)

"""TLS, and who may come in: one user with a password, sent with every call as the clients do over TLS."""

from __future__ import annotations

import base64
import hmac
import ssl
from pathlib import Path

import msgspec

from event_log.node.http2.call import Call

# What a client asks before it signs in, as in EventStoreDB.
_OPEN_TO_ALL = ("/event_store.client.gossip.Gossip/", "/event_store.client.server_features.ServerFeatures/")


class Access(msgspec.Struct, frozen=True):
    """``user`` None: TLS only."""

    certificate: Path
    key: Path
    user: str | None = None
    password: str = ""

    def tls(self) -> ssl.SSLContext:
        """Raises OSError, with the name of the file, if one cannot be read or is none."""
        for path in (self.certificate, self.key):
            path.stat()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["h2"])
        try:
            context.load_cert_chain(self.certificate, self.key)
        except ssl.SSLError as error:
            raise OSError(error.errno, f"no certificate with its key in PEM ({error.reason})", str(self.certificate)) from None
        return context

    def lets_in(self, call: Call) -> bool:
        """Whether the call comes with the right name and password."""
        if self.user is None or call.path.startswith(_OPEN_TO_ALL):
            return True
        wanted = b"Basic " + base64.b64encode(f"{self.user}:{self.password}".encode())
        return hmac.compare_digest(call.headers.get(b"authorization", b""), wanted)

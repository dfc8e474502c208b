"""A certificate authority for one test, and what it signs."""

from __future__ import annotations

import datetime as dt
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
END = START + dt.timedelta(days=36_500)


class Authority:
    """``pem`` is its certificate; ``signed`` gives (certificate, key) of a party at 127.0.0.1, as PEM."""

    def __init__(self, name: str = "authority") -> None:
        self._key, self._name = ec.generate_private_key(ec.SECP256R1()), _called(name)
        self.pem = self._certificate(self._name, self._key.public_key(), ca=True)

    def signed(self, name: str) -> tuple[bytes, bytes]:
        key = ec.generate_private_key(ec.SECP256R1())
        plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return self._certificate(_called(name), key.public_key(), ca=False), key.private_bytes(*plain)

    def _certificate(self, name: x509.Name, public_key: ec.EllipticCurvePublicKey, *, ca: bool) -> bytes:
        here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        made = (
            x509.CertificateBuilder(self._name, name, public_key, x509.random_serial_number(), START, END)
            .add_extension(here, critical=False)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

"""The same call over TCP and TLS, and with SRTP."""

from __future__ import annotations

import datetime
import ipaddress
import os
import signal
from pathlib import Path

import pytest
from call_engine.core.happenings import Answered, LineEnded
from call_engine.line.client import open_line
from call_engine.line.settings import SipSettings, SipTransport
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.line_calls import Listener, far_end, tone


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate of 127.0.0.1 and its key, as PEM files."""
    return self_signed(tmp_path_factory.mktemp("tls"))


def self_signed(folder: Path) -> tuple[Path, Path]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.datetime(2020, 1, 1)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), start, start.replace(year=2100))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    return folder / "cert.pem", folder / "key.pem"


async def call_both_ways(settings: SipSettings, *options: str) -> None:
    async with far_end("answer", "--tone-hz", "440", "--transport", settings.transport.value, *options) as company:
        line = await open_line(settings)
        listener = Listener(line)
        await line.dial(company.uri)
        await listener.until(Answered)
        await listener.hear(440)
        await line.play("p", tone(1000, 0.6))
        await company.wait_for(lambda told: told.get("heard_hz") == 1000)
        os.kill(line.pid, signal.SIGKILL)
        await company.wait_for(lambda told: told.get("state") == "ended")
        await line.close()
        assert line.farewells == [200]


async def test_tcp() -> None:
    await call_both_ways(SipSettings(transport=SipTransport.TCP))


async def test_tls_with_a_certificate_that_is_checked(certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    settings = SipSettings(transport=SipTransport.TLS, tls_ca_file=str(cert))
    await call_both_ways(settings, "--certificate", str(cert), "--key", str(key))


async def test_tls_and_srtp(certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    settings = SipSettings(transport=SipTransport.TLS, srtp_required=True)
    await call_both_ways(settings, "--certificate", str(cert), "--key", str(key), "--srtp")


async def test_a_certificate_nobody_vouches_for_is_refused(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    cert, key = certificate
    other, _ = self_signed(tmp_path)
    async with far_end("answer", "--transport", "tls", "--certificate", str(cert), "--key", str(key)) as company:
        line = await open_line(SipSettings(transport=SipTransport.TLS, tls_ca_file=str(other)))
        await line.dial(company.uri)
        assert (await Listener(line).until(LineEnded)).cause == "unreachable"
        await line.close()

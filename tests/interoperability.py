"""The interoperability table: ``python -m tests.interoperability``. Peers come from Debian (installed if need be, as root).

Runs the tests that put a line against software nobody here wrote, and prints peer × scenario × result as a table. ``--json`` gives one
JSON object a row. The exit code is 1 when a scenario failed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.support.debian_peers import OPT_IN, PACKAGES

FOLDER = Path(__file__).parent / "integration" / "line"
TESTS = {"sipp": "test_line_with_sipp.py", "baresip": "test_line_with_baresip.py", "kamailio": "test_trunk_with_kamailio.py"}
ROLES = {"sipp": "company", "baresip": "the person's phone", "kamailio": "registrar and proxy"}


class Row(msgspec.Struct, frozen=True):
    peer: str
    version: str
    role: str
    scenario: str
    result: str


class Results:
    """A plug-in of pytest's that keeps what came of each test."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.of[report.nodeid] = report.outcome


def scenario(node: str) -> str:
    """``test_refusals[486 Busy Here-busy]`` → ``refusals: 486 Busy Here``."""
    name, _, parameters = node.rsplit("::test_", 1)[1].partition("[")
    text = re.sub(r"_a_law\b|^a_law\b", "A-law", name).replace("re_invite", "re-INVITE").replace("_", " ")
    return f"{text}: {parameters.rstrip(']').rsplit('-', 1)[0]}" if parameters else text


def version(program: str) -> str:
    asked = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Version}", PACKAGES[program]], capture_output=True, text=True, check=False
    )
    return asked.stdout or "?"


def table(peers: list[str]) -> list[Row]:
    os.environ[OPT_IN] = "1"
    rows = []
    for peer in peers:
        results = Results()
        pytest.main([str(FOLDER / TESTS[peer]), "--quiet", "--no-header", "--no-summary", "-p", "no:cacheprovider"], plugins=[results])
        rows += [Row(peer, version(peer), ROLES[peer], scenario(node), result) for node, result in results.of.items()]
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.interoperability", description=__doc__)
    parser.add_argument("peers", nargs="*", default=list(TESTS), help=f"of {', '.join(TESTS)}; all by default")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    unknown = sorted(set(options.peers) - TESTS.keys())
    if unknown:
        parser.error(f"no such peer: {', '.join(unknown)}")
    rows = table(options.peers)
    if options.json:
        for row in rows:
            print(json.dumps(msgspec.to_builtins(row)))
    else:
        print("\n| peer | as | scenario | result |\n|---|---|---|---|")
        for row in rows:
            print(f"| {row.peer} {row.version} | {row.role} | {row.scenario} | {row.result} |")
    return int(any(row.result != "passed" for row in rows) or not rows)


if __name__ == "__main__":
    sys.exit(main())

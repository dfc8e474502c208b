"""Every command of ``callflow`` against a running flow-api."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flow_api.terminal.__main__ import main
from flow_api.terminal.rest import Rest
from rich.console import Console

from tests.support.flow_server_process import flow_server
from tests.support.flow_service import chase, step

NUMBER = "+18005551234"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with flow_server() as address:
        Rest(address).post("/api/call-flows", chase())
        yield address


def said(url: str, *args: str, code: int = 0) -> str:
    out = io.StringIO()
    assert main(args, rest=Rest(url), console=Console(file=out, width=200)) == code
    return out.getvalue()


def answered(url: str, *args: str) -> Any:
    return json.loads(said(url, *args, "--json"))


def flow_id(url: str) -> str:
    return str(answered(url, "list", "--number", NUMBER)[0]["id"])


def test_flows_are_listed_and_narrowed(url: str) -> None:
    assert flow_id(url) in said(url, "list")
    assert answered(url, "list", "--company", "Nobody") == []


def test_a_flow_is_drawn_with_every_step(url: str) -> None:
    flow = answered(url, "show", flow_id(url))
    drawn = said(url, "show", flow["id"])
    assert all(step["id"] in drawn for step in flow["steps"])
    assert "press 3" in drawn


def test_a_step_that_nothing_leads_to_is_drawn_and_named(url: str) -> None:
    steps = [step("first", "WAIT"), step("lost", "HOLD", next_step="found"), step("found", "TRANSFER")]
    flow = Rest(url).post("/api/call-flows", {"name": "odd", "steps": steps})
    lines = said(url, "show", flow["id"]).splitlines()
    assert [("nothing leads here" in line, name in line) for line, name in zip(lines[1:], ("first", "lost", "found"), strict=True)] == [
        (False, True), (True, True), (False, True),
    ]  # fmt: skip


def test_a_flow_is_called_by_its_id_alone(url: str) -> None:
    assert f"the flow {flow_id(url)} was asked for" in said(url, "call", "--flow", flow_id(url), "--no-watch")


def test_a_call_is_watched_to_its_end_and_learned(url: str) -> None:
    lines = said(url, "call", NUMBER, "dispute a charge", "--mode", "explore").splitlines()
    assert "ended: bridged" in lines[-1]
    call_id = answered(url, "calls")[0]["id"]
    events = [json.loads(line) for line in said(url, "watch", call_id, "--json").splitlines()]
    assert [event["ordinal"] for event in events] == list(range(len(events)))
    assert "steps" in answered(url, "learn", call_id)


def test_a_number_is_called_until_its_tree_is_known_or_the_budget_is_used_up(url: str) -> None:
    lines = [json.loads(line) for line in said(url, "explore", "+18005550177", "billing", "--calls", "2", "--json").splitlines()]
    calls, over = lines[:-1], lines[-1]
    assert over["calls"] == len(calls) <= 2
    assert over["flow_id"] == calls[-1]["flow_id"]
    assert over["stopped"] in said(url, "explore", "+18005550177", "billing", "--calls", "2")


def test_history_and_differences_are_shown(url: str) -> None:
    flow = answered(url, "show", flow_id(url))
    changed = flow | {"description": "to the disputes department"}
    Rest(url)._answer("PUT", f"/api/call-flows/{flow['id']}", json=changed)
    assert {entry["version"] for entry in answered(url, "history", flow["id"])} == {1, 2}
    assert "to the disputes department" in said(url, "diff", flow["id"], "1", "2")
    assert "revised" in said(url, "history", flow["id"])


def test_a_file_that_cannot_be_written_is_named(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(url, "export", flow_id(url), "--output", str(tmp_path / "nowhere" / "flow.json"), code=1)
    assert "nowhere/flow.json: No such file or directory" in capsys.readouterr().err.replace("\n", "")


def test_an_export_can_be_read_back(url: str, tmp_path: Path) -> None:
    target = tmp_path / "flow.json"
    said(url, "export", flow_id(url), "--output", str(target))
    assert json.loads(target.read_text()) == answered(url, "show", flow_id(url))


def test_a_refusal_names_the_field_and_fails(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    said(url, "call", "911", "help", code=1)
    assert "$.phone_number" in capsys.readouterr().err


def test_no_service_is_said_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--url", "http://127.0.0.1:9"]) == 1
    assert "cannot be reached" in capsys.readouterr().err


def test_completion_names_every_command_and_works_in_bash(url: str, tmp_path: Path) -> None:
    script = said(url, "completion")
    assert all(name in script for name in ("list", "watch", "export", "--json"))
    assert answered(url, "completion")["bash"].strip() == script.strip()
    (tmp_path / "callflow.bash").write_text(script)
    asked = 'source callflow.bash; COMP_WORDS=(callflow expo); COMP_CWORD=1; _callflow; echo "${COMPREPLY[@]}"'
    assert subprocess.run(["bash", "-euc", asked], cwd=tmp_path, capture_output=True, text=True, check=True).stdout == "export\n"


def test_what_people_copy_is_whole_on_a_narrow_terminal(url: str) -> None:
    call_id = answered(url, "calls")[0]["id"]
    out = io.StringIO()
    assert main(["calls"], rest=Rest(url), console=Console(file=out, width=80)) == 0
    assert call_id in out.getvalue()


def test_hanging_up_a_call_that_is_over_says_so(url: str) -> None:
    assert "is over: bridged" in said(url, "end", answered(url, "calls")[0]["id"])


def test_who_reads_only_the_beginning_sees_no_traceback(url: str) -> None:
    command = [sys.executable, "-m", "flow_api.terminal", "completion", "--url", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""

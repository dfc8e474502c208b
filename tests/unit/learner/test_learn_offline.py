"""``python -m flow_api learn`` on files."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from flow_api.learn_offline import run

from tests.support.discoveries import SPEC_EXAMPLE


@pytest.fixture
def example(tmp_path: Path) -> Path:
    file = tmp_path / "call.json"
    file.write_text(json.dumps({"phone_number": "+18005551234", "company": "Chase Bank", "call_id": "one", "discoveries": SPEC_EXAMPLE}))
    return file


def test_build(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([str(example), "--intent", "dispute a charge"]) == 0
    flow = json.loads(capsys.readouterr().out)
    assert flow["id"] == "chase_bank_dispute_a_charge"
    assert [step["type"] for step in flow["steps"]] == ["WAIT", "LISTEN", "LISTEN", "HOLD", "TRANSFER"]


def test_merge_says_what_changed(example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run([str(example)])
    flow = tmp_path / "flow.json"
    flow.write_text(capsys.readouterr().out)
    assert run([str(example), "--merge", str(flow)]) == 0
    assert "nothing: nothing new" in capsys.readouterr().err
    assert run([str(example), "--merge", str(flow), "--call-id", "two"]) == 0
    printed = capsys.readouterr()
    assert "observed" in printed.err
    assert json.loads(printed.out)["success_count"] == 2


def test_a_bare_list_on_stdin(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(SPEC_EXAMPLE).encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert run(["-", "--phone-number", "+18005551234", "--split-dtmf"]) == 0
    assert len(json.loads(capsys.readouterr().out)["steps"]) == 7


@pytest.mark.parametrize("content", ['[{"type": "teleport"}]', "{", "[]", '{"discoveries": 3}'])
def test_faults_go_to_stderr(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.json"
    file.write_text(content)
    assert run([str(file)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err


def test_no_such_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["/nowhere/call.json"]) == 2
    assert "nowhere" in capsys.readouterr().err


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_no_number_is_invented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "call.json"
    file.write_text(json.dumps(SPEC_EXAMPLE))
    assert run([str(file), "--intent", "dispute a charge"]) == 0
    flow = json.loads(capsys.readouterr().out)
    assert (flow["phone_number"], flow["id"], flow["name"]) == (None, "dispute_a_charge", "Dispute a charge")
    assert run([str(file)]) == 0
    flow = json.loads(capsys.readouterr().out)
    assert (flow["phone_number"], flow["id"], flow["name"]) == (None, "flow", "Learned flow")


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ({"discoveries": SPEC_EXAMPLE, "phone_number": 5, "company": 7}, ["$.phone_number: must be", "$.company: must be a string"]),
        ({"discoveries": SPEC_EXAMPLE, "phone_number": "911"}, ["$.phone_number: must be a number in E.164 form"]),
        ({"discoveries": SPEC_EXAMPLE, "split_dtmf": "yes"}, ["$.split_dtmf: must be true or false"]),
        ({"discoveries": SPEC_EXAMPLE, "steps": []}, ["$.steps: is not an option of this file"]),
        ({"company": "Chase Bank"}, ["$.discoveries: is required"]),
        ([{"type": []}], ["$.discoveries[0].type: [] is not a known discovery"]),
        (7, ["$: must be a list of discoveries"]),
    ],
)
def test_each_fault_of_the_file_is_named(content: object, faults: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "call.json"
    file.write_text(json.dumps(content))
    assert run([str(file)]) == 2
    lines = said(capsys).splitlines()
    assert len(lines) == len(faults)
    assert all(line.startswith(fault) for line, fault in zip(lines, faults, strict=True))


def test_what_cannot_be_read_is_named(example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty, missing = tmp_path / "empty.json", tmp_path / "missing.json"
    empty.write_bytes(b"")
    merge = [example, "--merge"]
    for arguments, name in (([empty], empty), ([missing], missing), ([*merge, empty], empty), ([*merge, missing], missing)):
        assert run([str(one) for one in arguments]) == 2
        assert said(capsys).startswith(f"learn: {name}: ")


def test_the_file_may_ask_for_two_steps_a_menu(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "call.json"
    file.write_text(json.dumps({"discoveries": SPEC_EXAMPLE, "split_dtmf": True}))
    assert run([str(file)]) == 0
    assert "DTMF" in [step["type"] for step in json.loads(capsys.readouterr().out)["steps"]]


def test_a_call_to_another_number_is_not_merged(example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run([str(example)])
    flow = tmp_path / "flow.json"
    flow.write_text(capsys.readouterr().out)
    assert run([str(example), "--merge", str(flow), "--call-id", "two", "--phone-number", "+12125551234"]) == 2
    assert said(capsys) == "$.phone_number: the flow is one of +18005551234\n"

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

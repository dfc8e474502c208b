"""``understand`` as a command: bytes in, JSON lines out."""

from __future__ import annotations

import io
import json
import sys

import pytest
from call_engine import __main__ as command


def test_a_wrong_byte_costs_a_letter_and_not_the_run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = b'{"transcript": "caf\xe9: for billing press 1, for sales press 2"}\nno json\n'
    lines += b'{"transcript": "F\xc3\xbcr Fragen dr\xc3\xbccken Sie die 1."}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines), encoding="ascii"))
    monkeypatch.setattr(sys, "argv", ["call_engine", "understand"])
    assert command.main() == 1
    answers = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [[option["digits"] for option in one.get("options", [])] for one in answers] == [["1", "2"], [], ["1"]]
    assert "error" in answers[1]

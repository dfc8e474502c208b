"""A real SIP call on loopback: the caller's process presses 3 and 1, the company's process hears them and plays its agent."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest


@pytest.mark.timeout(60)
def test_a_caller_reaches_the_agent(tmp_path: Path) -> None:
    recording = tmp_path / "heard.wav"
    company = subprocess.Popen(
        [sys.executable, "-m", "ivr_sim", "company", "chase_bank_short", "--sip", "127.0.0.1:0", "--hold-s", "2", "--calls", "1"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert company.stdout is not None
        ready = json.loads(company.stdout.readline())
        caller = [sys.executable, "-m", "ivr_sim", "call", f"sip:company@{ready['sip']}", "--record", str(recording)]
        subprocess.run(
            [*caller, "--press", "3@3.5", "--press", "1@5", "--for-s", "14"],
            check=True,
            timeout=40,
            capture_output=True,
        )
        events = [json.loads(line) for line in company.stdout]
        assert company.wait(10) == 0
    finally:
        company.kill()
    assert [event["digit"] for event in events if event["event"] == "digit"] == ["3", "1"]
    assert [event["label"] for event in events if event["event"] == "choice"] == ["account services", "disputes"]
    said = next(event for event in events if event["event"] == "agent_said")
    with wave.open(str(recording)) as file:
        heard = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    agent = heard[round((said["at_s"] + 0.5) * 8000) :]
    assert np.abs(agent.astype(int)).max() > 2000

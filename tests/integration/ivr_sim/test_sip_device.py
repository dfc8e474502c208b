"""The user's device answers a real SIP call, talks, and records what it hears; a taken port is told in one line."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

DEVICE = [sys.executable, "-m", "ivr_sim", "device"]


@pytest.mark.timeout(60)
def test_a_device_answers_talks_and_records(tmp_path: Path) -> None:
    heard_by_device, heard_by_caller = tmp_path / "device.wav", tmp_path / "caller.wav"
    talks = ["--say", "Hello? Are you there?", "--voice", "slt", "--say-after-s", "0.3", "--answer-after-s", "0.2"]
    device = subprocess.Popen([*DEVICE, "--record", str(heard_by_device), "--calls", "1", *talks], stdout=subprocess.PIPE, text=True)
    try:
        assert device.stdout is not None
        ready = json.loads(device.stdout.readline())
        taken = subprocess.run([*DEVICE, "--sip", ready["sip"]], capture_output=True, text=True, timeout=20)
        assert taken.returncode == 1
        assert "Address already in use" in taken.stderr
        assert len(taken.stderr.splitlines()) == 1
        caller = [sys.executable, "-m", "ivr_sim", "call", f"sip:device@{ready['sip']}", "--for-s", "3", "--record", str(heard_by_caller)]
        subprocess.run(caller, check=True, timeout=30, capture_output=True)
        events = [json.loads(line)["event"] for line in device.stdout]
        assert device.wait(10) == 0
    finally:
        device.kill()
    assert events == ["ringing", "answered", "bye"]
    with wave.open(str(heard_by_caller)) as file:
        heard = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    assert np.abs(heard.astype(int)).max() > 2000
    assert heard_by_device.stat().st_size > 2 * 8000 * 2

"""``hear`` on a recording made of shipped voices: a queue's announcement twice, then a human."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

import msgspec
import numpy as np
import pytest
from call_engine import __main__ as command
from call_engine import wiring
from call_engine.adapters.whisper import model_folder
from call_engine.hear_file import hear
from call_engine.ports import Transcript
from call_engine.settings import SettingsError
from ivr_sim.voice import Voices

from tests.support.chase_flow import flow, step


def has_model() -> bool:
    try:
        model_folder("")
    except SettingsError:
        return False
    return True


def spoken(voice: str, text: str) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(Voices().say(voice, text)).astype(np.int16)


def silence(seconds: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.zeros(int(8000 * seconds), dtype=np.int16)


@pytest.mark.skipif(not has_model(), reason="no whisper model is installed")
def test_an_announcement_is_told_from_a_human(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    announcement = spoken("rms", "All of our representatives are busy helping other customers. Please stay on the line.")
    human = spoken("slt", "Thank you for calling Chase disputes, this is Dana. How can I help you today?")
    whole = np.concatenate([silence(1), announcement, silence(3), announcement, silence(3), human, silence(2)])
    path = tmp_path / "hold.wav"
    with wave.open(str(path), "wb") as wav:
        wav.setparams((1, 2, 8000, 0, "NONE", ""))
        wav.writeframes(whole.astype("<i2").tobytes())
    monkeypatch.setattr("sys.argv", ["call_engine", "hear", str(path), "--json"])
    assert command.main() == 0
    found = msgspec.json.decode(capsys.readouterr().out)
    spoken_parts = [one for one in found if one["label"] in ("announcement", "human")]
    labels = [one["label"] for one in spoken_parts]
    assert labels[0] == "announcement"
    assert labels[-1] == "human"
    assert labels.count("human") == 1
    assert "representatives" in spoken_parts[0]["transcript"].lower()
    assert "help" in spoken_parts[-1]["transcript"].lower()
    assert all(one["decided_at"] >= one["start"] for one in found)
    assert spoken_parts[-1]["posterior"] > 0.5


class CountingRecogniser:
    """Understands nothing, slowly; counts how many wait for it together."""

    def __init__(self) -> None:
        self.together = self.most = 0

    async def started(self) -> None:
        return None

    async def transcribe(self, samples: object, *, purpose: str, language: str, hot_words: str) -> Transcript:
        self.together += 1
        self.most = max(self.most, self.together)
        await asyncio.sleep(0)
        self.together -= 1
        return Transcript(text="", language="en", confidence=1.0)

    async def close(self) -> None:
        return None


@pytest.mark.parametrize(("workers", "queue", "most"), [("2", "8", 2), ("3", "1", 1)])
def test_no_more_is_asked_ahead_than_may_wait(workers: str, queue: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit into the queue would be turned away, and its words would be missing."""
    recogniser = CountingRecogniser()

    async def transcriber(_settings: object) -> CountingRecogniser:
        return recogniser

    monkeypatch.setattr(wiring, "transcriber", transcriber)
    monkeypatch.setenv("CALL_ENGINE_WHISPER_WORKERS", workers)
    monkeypatch.setenv("CALL_ENGINE_TRANSCRIPTION_QUEUE", queue)
    sentences = ("All of our representatives are busy.", "Your call is important to us.", "You can also visit our website.")
    asyncio.run(hear(np.concatenate([part for text in sentences for part in (silence(3), spoken("rms", text))])))
    assert recogniser.most == most


def test_a_file_that_is_no_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(b"nothing of the kind")
    monkeypatch.setattr("sys.argv", ["call_engine", "hear", str(path)])
    assert command.main() == 2
    assert capsys.readouterr().err == f"hear: {path}: not a WAV file\n"


def short(path: Path) -> str:
    with wave.open(str(path), "wb") as wav:
        wav.setparams((1, 2, 8000, 0, "NONE", ""))
        wav.writeframes(silence(0.5).astype("<i2").tobytes())
    return str(path)


@pytest.mark.skipif(not has_model(), reason="no whisper model is installed")
@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"prompt": {"transcript": "for cards press 1", "fingerprint": "no base64!", "duration_ms": 3000}}, "step:menu: its fingerprint"),
        ({"prompt": {"transcript": "for cards press 1", "fingerprint": "AAAA", "duration_ms": 3000}}, "step:menu: its fingerprint"),
        ({"recordings": 7}, "array"),
    ],
)
def test_a_flow_that_cannot_be_known(
    metadata: dict[str, object], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "flow.json"
    path.write_bytes(msgspec.json.encode(flow(step("menu", "LISTEN", metadata=metadata))))
    monkeypatch.setattr("sys.argv", ["call_engine", "hear", short(tmp_path / "short.wav"), "--flow", str(path)])
    assert command.main() == 2
    said = capsys.readouterr().err
    assert said.startswith(f"hear: {path}: ")
    assert told in said


def test_a_model_that_cannot_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.bin").write_bytes(b"nothing of the kind")
    monkeypatch.setenv("CALL_ENGINE_WHISPER_MODEL", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["call_engine", "hear", short(tmp_path / "short.wav")])
    assert command.main() == 2
    assert f"the speech model in {tmp_path} cannot be used: " in capsys.readouterr().err

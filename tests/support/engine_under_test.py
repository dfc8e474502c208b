"""A whole call-engine in this process on a loopback port: real journal, real gRPC, fakes for the world; beaten by the test."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import grpc
import numpy as np
from call_contract.v1 import call_engine_pb2 as pb
from call_contract.v1 import call_engine_pb2_grpc
from call_engine import app
from call_engine.core.happenings import RecordingRecognised
from call_engine.ports import Transcript
from call_engine.settings import Settings
from event_log.memory import MemoryEventLog
from line_audio.segments import SoundEvent
from numpy.typing import NDArray

from tests.support.scripted_line import ScriptedLines
from tests.support.simple_brain import SimpleBrain

NUMBER = "+18005551234"


class ScriptedEars:
    """Hears what it is told to: sound events by number of the frame, on every slot."""

    def __init__(self, events: dict[int, list[SoundEvent]] | None = None) -> None:
        self._events, self._frames, self._free = events or {}, dict[int, int](), 0
        self.batches: list[int] = []

    def open(self) -> int:
        self._free += 1
        self._frames[self._free] = 0
        return self._free

    def close(self, slot: int) -> None:
        del self._frames[slot]

    def judged(self, slot: int) -> tuple[float, float]:
        return 0.0, 0.0

    def feed(self, slots: Sequence[int], frames: NDArray[np.int16]) -> list[list[SoundEvent]]:
        assert frames.shape == (len(slots), 160)
        self.batches.append(len(slots))
        heard = [self._events.get(self._frames[slot], []) for slot in slots]
        for slot in slots:
            self._frames[slot] += 1
        return heard


class NamedRecordings:
    """Fingerprints are the name and length; nothing is ever recognised."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def know(self, recording_id: str, fingerprint: bytes) -> None:
        self.known[recording_id] = fingerprint

    def fingerprinted(self, recording_id: str, samples: NDArray[np.int16], lead: int = 0, gap: int = 0) -> tuple[str, bytes]:
        return recording_id, f"{recording_id}:{len(samples)}".encode()

    def take(self, more: tuple[str, bytes]) -> bytes:
        self.know(*more)
        return more[1]

    def wrong_part(self, said: NDArray[np.int16], lead: int) -> float | None:
        return None

    def wrong_in_place(self, heard_samples: int) -> float | None:
        return None

    def feed(self, frame: NDArray[np.int16]) -> list[RecordingRecognised]:
        return []


class FixedTranscriber:
    """Says the same whatever it hears."""

    def __init__(self, text: str = "press one for billing") -> None:
        self.text, self.waiting, self.lag_s = text, 0, 0.0
        self.heard: list[NDArray[np.int16]] = []

    async def transcribe(self, samples: NDArray[np.int16], *, purpose: str, language: str, hot_words: str) -> Transcript:
        self.heard.append(samples)
        return Transcript(text=self.text)

    async def close(self) -> None:
        pass


class ToneSpeech:
    async def start(self) -> None:
        pass

    async def say(self, text: str) -> NDArray[np.int16]:
        return np.full(160 * len(text), 1000, dtype=np.int16)


class EngineUnderTest:
    def __init__(self, engine: app.Engine, log: MemoryEventLog, brains: list[SimpleBrain], lines: ScriptedLines) -> None:
        self.engine, self.log, self.brains, self.lines = engine, log, brains, lines
        self.channel = grpc.aio.insecure_channel(f"127.0.0.1:{engine.rpc.port}")
        self.stub = call_engine_pb2_grpc.CallEngineStub(self.channel)

    async def beat(self, n: int = 1) -> None:
        """n pulses, and what they set going: fingerprints, which other threads make, come with the next."""
        for _ in range(n):
            await self.engine.pulse.beat()
            await asyncio.sleep(0)
            for call in self.engine.calls.running:
                if call.session is not None:
                    await call.session.kept()

    async def start(self, call_id: str = "c1", **fields: Any) -> pb.Call:
        request = pb.StartCallRequest(call_id=call_id, plan=explore(), **fields)
        return (await self.stub.StartCall(request)).call

    async def stored(self, call_id: str = "c1") -> list[str]:
        """Event types in the store, once it has all that was written."""
        await self.settled(call_id)
        return [event.type for event in await self.log.read(f"call-{call_id}")]

    async def stored_when_ended(self, call_id: str = "c1") -> list[str]:
        record = self.engine.calls.record_of(call_id)
        assert record is not None
        async with asyncio.timeout(5):
            while not record.ended:
                await record.news.wait()
        return await self.stored(call_id)

    async def recovered(self) -> None:
        """What an earlier engine left behind is in the store."""
        async with asyncio.timeout(5):
            await self.engine.recovered.wait()

    async def settled(self, call_id: str = "c1") -> None:
        record = self.engine.calls.record_of(call_id)
        assert record is not None
        async with asyncio.timeout(5):
            await record.forwarder.stored_up_to(record.state.last_ordinal)


def explore(number: str = NUMBER, intent: str = "dispute a charge") -> pb.Plan:
    return pb.Plan(explore=pb.Explore(phone_number=number, intent=intent))


@contextlib.asynccontextmanager
async def running_engine(
    folder: Path,
    *,
    settings: dict[str, Any] | None = None,
    log: MemoryEventLog | None = None,
    lines: ScriptedLines | None = None,
    brain: Callable[[], SimpleBrain] = SimpleBrain,
    brain_of: Callable[[Any], Any] | None = None,
    **overrides: Any,
) -> AsyncIterator[EngineUnderTest]:
    brains: list[SimpleBrain] = []

    def make_brain(_request: object) -> SimpleBrain:
        brains.append(brain())
        return brains[-1]

    store = log or MemoryEventLog()
    the_lines = lines or ScriptedLines()
    parts: dict[str, Any] = {
        "log": store, "lines": the_lines, "brain": brain_of or make_brain, "recordings": NamedRecordings, "transcriber": FixedTranscriber(),
        "speech": ToneSpeech(), "ears": ScriptedEars(), "secrets": {"pin": "4711"}, **overrides,
    }  # fmt: skip
    engine = await app.build(Settings(data_dir=folder, **{"port": 0, **(settings or {})}), **parts)
    await engine.start(beat=False)
    under_test = EngineUnderTest(engine, store, brains, the_lines)
    try:
        yield under_test
    finally:
        await under_test.channel.close()
        await engine.stop()

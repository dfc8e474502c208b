"""What one call has heard: kept for a while, cut out to be transcribed, fingerprinted so that it is known again."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from line_audio.fingerprint import LEAD_SAMPLES
from line_audio.timbre import timbre
from numpy.typing import NDArray

from call_engine.core import effects as do
from call_engine.core import happenings as hap
from call_engine.ports import Transcriber, TranscriberBusy
from call_engine.sound_memory import SoundMemory

log = logging.getLogger(__name__)


class Comparing(Protocol):
    """What is heard beside known recordings: the part of its fingerprint's bits that is wrong there; None: nothing to compare."""

    def wrong_part(self, said: NDArray[np.int16], lead: int) -> float | None:
        """Wherever it agrees best. The first ``lead`` samples only lead up to what was said."""
        ...

    def wrong_in_place(self, heard_samples: int) -> float | None:
        """Of the last so many samples of the line, beside where recordings that have played should be by now."""
        ...


class Recordings(Comparing, Protocol):
    """Known recordings of one line; knows them again while they play."""

    def know(self, recording_id: str, fingerprint: bytes) -> None: ...

    def fingerprinted(self, recording_id: str, samples: NDArray[np.int16], lead: int = 0, gap: int = 0) -> Any:
        """Of a stretch of sound, for ``take``; with a ``lead`` of what follows on what is known under this id. Changes nothing, and may run
        in another thread while the line is heard.
        """
        ...

    def take(self, more: Any) -> bytes:
        """Knows it from now on. Gives its fingerprint."""
        ...

    def feed(self, frame: NDArray[np.int16]) -> Sequence[hap.AnyHappening]: ...


def voice_described(wanted: do.DescribeVoice, start: int, samples: NDArray[np.int16], known: Comparing) -> hap.VoiceDescribed:
    """``samples`` from ``start`` on are what there is of the stretch that was asked for and of ``LEAD_SAMPLES`` before it."""
    lead = min(max(0, wanted.start_sample - start), len(samples))
    said = samples[lead:]
    bands = tuple(round(float(band), 2) for band in timbre(said))
    wrong, in_place = (known.wrong_part(samples, lead), known.wrong_in_place(len(said))) if wanted.turn else (None, None)
    return hap.VoiceDescribed(
        turn=wanted.turn, start_sample=start + lead, end_sample=start + len(samples), timbre=bands,
        wrong_part=None if wrong is None else round(wrong, 3), wrong_in_place=None if in_place is None else round(in_place, 3),
    )  # fmt: skip


class CallSound:
    """Times are samples of call time."""

    def __init__(self, recordings: Recordings, transcriber: Transcriber, *, call_id: str) -> None:
        self._recordings, self._transcriber, self._call_id = recordings, transcriber, call_id
        self._memory = SoundMemory()
        self._keeping = asyncio.Lock()  #: in the order in which they were asked for: a recording may go on with another

    def feed(self, frame: NDArray[np.int16]) -> Sequence[hap.AnyHappening]:
        """The next 20 ms → known recordings that begin or stop in it."""
        self._memory.append(frame)
        return self._recordings.feed(frame)

    async def transcribe(self, wanted: do.Transcribe) -> hap.Transcribed | hap.TranscriptionFailed:
        start, samples = self._memory.slice(wanted.start_sample, wanted.end_sample)
        try:
            heard = await self._transcriber.transcribe(
                samples, purpose=wanted.purpose, language=wanted.language, hot_words=wanted.hot_words
            )
        except TranscriberBusy as problem:
            return hap.TranscriptionFailed(request_id=wanted.request_id, reason=str(problem) or "busy")
        words = tuple(hap.Word(w.text, w.start_sample + start, w.end_sample + start, w.probability) for w in heard.words)
        return hap.Transcribed(
            request_id=wanted.request_id, start_sample=start, end_sample=start + len(samples),
            text=heard.text, words=words, language=heard.language, confidence=heard.confidence, log_prob=heard.log_prob,
            no_speech=heard.no_speech,
        )  # fmt: skip

    def know(self, known: do.KnowRecording) -> None:
        """A fingerprint that cannot be read (a flow written elsewhere) is left out: its prompt is then recognised by its words."""
        try:
            self._recordings.know(known.recording_id, base64.b64decode(known.fingerprint))
        except ValueError as problem:
            log.warning("unreadable fingerprint: %s", problem, extra={"call_id": self._call_id})

    def describe(self, wanted: do.DescribeVoice) -> hap.VoiceDescribed:
        start, samples = self._memory.slice(max(0, wanted.start_sample - LEAD_SAMPLES), wanted.end_sample)
        return voice_described(wanted, start, samples, self._recordings)

    async def kept(self) -> None:
        """Whatever is being kept is known."""
        async with self._keeping:
            pass

    def cut(self, keep: do.KeepRecording) -> tuple[int, NDArray[np.int16]]:
        """What is still there of the stretch that is to be kept: where it starts, and its samples."""
        return self._memory.slice(keep.start_sample, keep.end_sample)

    async def keep(self, keep: do.KeepRecording, start: int, samples: NDArray[np.int16]) -> hap.RecordingKept:
        """Fingerprints what was ``cut`` in another thread: it takes milliseconds, for which all calls would wait.

        What cannot be fingerprinted is logged, and told as a recording of which nothing is left.
        """
        fingerprint = b""
        async with self._keeping:  # whatever goes wrong, whoever waits for its fingerprint must be told
            (known,) = await asyncio.gather(self._fingerprint(keep, samples), return_exceptions=True)
        if isinstance(known, BaseException):
            told = {"call_id": self._call_id, "recording_id": keep.recording_id}
            log.error("a recording could not be kept", exc_info=known, extra=told)
        else:
            fingerprint = known
        return hap.RecordingKept(
            recording_id=keep.recording_id, start_sample=start, end_sample=start + len(samples),
            fingerprint=base64.b64encode(fingerprint).decode(),
        )  # fmt: skip

    async def _fingerprint(self, keep: do.KeepRecording, samples: NDArray[np.int16]) -> bytes:
        """Empty where nothing is left of the sound."""
        if not len(samples):
            return b""
        more = await asyncio.to_thread(self._recordings.fingerprinted, keep.recording_id, samples, keep.lead, keep.gap)
        return self._recordings.take(more)

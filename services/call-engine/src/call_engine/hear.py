"""A recording through everything that hears: what a live call would have heard, faster than real time.

The recording goes through the same ear, fingerprints, recogniser and weighing as a call on hold. An answer of the recogniser comes
back in call time as late as a free worker gives it, so that ``decided_at`` is when a live call would have known, and the same
recording gives the same answer on a busy machine.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import numpy as np
from line_audio.ear import Ear
from line_audio.fingerprint import LEAD_SAMPLES
from line_audio.levels import RMS_AT_0_DBM0, SILENT_DBM0
from line_audio.segments import FRAME_SAMPLES, SAMPLE_RATE_HZ, Label, Segment, SegmentClosed, SegmentOpened, SoundEvent
from numpy.typing import NDArray

from call_engine import wiring
from call_engine.call_sound import voice_described
from call_engine.core import effects as do
from call_engine.core import happenings as hap
from call_engine.core.voicing import Judged
from call_engine.errors import UnknowableRecording
from call_engine.ports import Transcriber, TranscriberBusy
from call_engine.recording_listener import Decision, RecordingListener

SPEECH = (Label.SPEECH, Label.SPEECH_OVER_MUSIC)
WORD_SLACK = SAMPLE_RATE_HZ // 5  #: the recogniser's word times are this exact
#: An utterance through the recogniser on one thread, there and back, and what each second of it adds (measured: 0.1 s for 1.5 s of
#: sound, 0.22 s for 6 s, 0.55 s for 11 s).
RECOGNISER_S, RECOGNISER_PART = 0.15, 0.03
TAIL_S = 3  #: silence after the end, in which what is still open is decided
STRETCH_SAMPLES = 20 * SAMPLE_RATE_HZ  #: heard in one go, which is faster than frame by frame; whole frames


class HeardSegment(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One line of the answer; seconds. For speech, ``label`` is announcement or human."""

    start: float
    end: float
    label: str
    detail: str
    decided_at: float
    transcript: str = ""
    kind: str = ""
    recording_id: str = ""
    posterior: float | None = None
    evidence: dict[str, float] = {}


class Pipeline:
    """One recording through everything that hears. ``decisions`` are about turns; the keys are their numbers."""

    def __init__(self, transcriber: Transcriber, listener: RecordingListener) -> None:
        self._recordings, self._transcriber, self._listener = wiring.recordings()(), transcriber, listener
        self._answers: list[tuple[int, hap.AnyHappening]] = []  #: what comes back later, and when in call time
        self._closed: list[tuple[Segment, int]] = []
        self._known_at: dict[int, int] = {}
        self.decisions: dict[int, Decision] = {}
        self.kept: list[hap.RecordingKept] = []  #: in the order in which they ended; one that has grown is there again

    async def hear(self, samples: NDArray[np.int16]) -> list[HeardSegment]:
        """Of one recording, once. Raises UnknowableRecording."""
        self._samples = np.concatenate([samples, np.zeros(-len(samples) % FRAME_SAMPLES + TAIL_S * SAMPLE_RATE_HZ, dtype=np.int16)])
        end = len(samples)
        await self._do(0, self._listener.start())
        levels, at = levels_dbm0(self._samples), 0
        async for sounds, judged in self._stretches():
            for _ in range(min(STRETCH_SAMPLES, len(self._samples) - at) // FRAME_SAMPLES):
                frame, place = self._samples[at : at + FRAME_SAMPLES], at % STRETCH_SAMPLES // FRAME_SAMPLES
                tick = hap.Tick(level_dbm0=levels[at // FRAME_SAMPLES], judged=Judged(*judged[place]))
                at += FRAME_SAMPLES
                await self._happen(at, [*sounds.get(at, ()), *self._recordings.feed(frame), *self._due(at), tick])
        while self._answers:  # the recogniser may take longer than the tail
            at += FRAME_SAMPLES
            await self._happen(at, [*self._due(at), hap.Tick()])
        self.decisions |= {one.turn: one for one in self._listener.finish(at)}
        whole = [(segment, at) for segment, at in self._closed if segment.start_sample < min(segment.end_sample, end)]
        clipped = [(msgspec.structs.replace(segment, end_sample=min(segment.end_sample, end)), at) for segment, at in whole]
        return [self._told(segment, at) for segment, at in clipped]

    async def _stretches(self) -> AsyncIterator[tuple[dict[int, list[SoundEvent]], list[list[float]]]]:
        """What the ear says in one stretch after the other, by the end of the frame at which it says so; and how it judged each frame.

        A thread listens to the next stretch meanwhile: the ear is slow to start, and needs no answer.
        """
        ear, loop = Ear(), asyncio.get_running_loop()
        starts = range(0, len(self._samples), STRETCH_SAMPLES)

        def listen(stretch: NDArray[np.int16]) -> tuple[list[SoundEvent], list[list[float]]]:
            return ear.feed(stretch), ear.judgements.tolist()

        ahead = loop.run_in_executor(None, listen, self._samples[:STRETCH_SAMPLES])
        for start in starts:
            heard, judged = await ahead
            following = self._samples[start + STRETCH_SAMPLES : start + 2 * STRETCH_SAMPLES]
            if len(following):
                ahead = loop.run_in_executor(None, listen, following)
            yield self._sounds(heard), judged

    def _sounds(self, heard: list[SoundEvent]) -> dict[int, list[SoundEvent]]:
        sounds: dict[int, list[SoundEvent]] = {}
        for sound in heard:
            sounds.setdefault(-(-sound.at_sample // FRAME_SAMPLES) * FRAME_SAMPLES, []).append(sound)
            match sound:
                case SegmentOpened():
                    self._known_at[sound.start_sample] = sound.at_sample
                case SegmentClosed():
                    self._closed.append((sound.segment, sound.at_sample))
        return sounds

    def _due(self, at: int) -> list[hap.AnyHappening]:
        due = [answer for when, answer in self._answers if when <= at]
        self._answers = [(when, answer) for when, answer in self._answers if when > at]
        return due

    async def _happen(self, at: int, happenings: list[Any]) -> None:
        for happening in happenings:
            effects, decisions = self._listener.feed(at, happening)
            self.decisions |= {one.turn: one for one in decisions}
            await self._do(at, effects)

    async def _do(self, at: int, effects: list[do.AnyEffect]) -> None:
        for effect in effects:
            match effect:
                case do.Transcribe():
                    await self._transcribe(at, effect)
                case do.KnowRecording():
                    self._know(effect)
                case do.KeepRecording():
                    stretch = self._samples[effect.start_sample : effect.end_sample]
                    kept = self._recordings.take(self._recordings.fingerprinted(effect.recording_id, stretch, effect.lead, effect.gap))
                    answer = hap.RecordingKept(
                        recording_id=effect.recording_id, start_sample=effect.start_sample, end_sample=effect.end_sample,
                        fingerprint=base64.b64encode(kept).decode(),
                    )  # fmt: skip
                    self.kept.append(answer)
                    self._answers.append((at, answer))

                case do.DescribeVoice():
                    begin = max(0, effect.start_sample - LEAD_SAMPLES)
                    stretch = self._samples[begin : effect.end_sample]
                    self._answers.append((at, voice_described(effect, begin, stretch, self._recordings)))

    def _know(self, known: do.KnowRecording) -> None:
        try:
            self._recordings.know(known.recording_id, base64.b64decode(known.fingerprint, validate=True))
        except ValueError as problem:
            raise UnknowableRecording(f"{known.recording_id}: its fingerprint cannot be read: {problem}") from problem

    async def _transcribe(self, at: int, wanted: do.Transcribe) -> None:
        piece = self._samples[wanted.start_sample : wanted.end_sample]
        answer: hap.AnyHappening
        try:
            heard = await self._transcriber.transcribe(piece, purpose=wanted.purpose, language=wanted.language, hot_words=wanted.hot_words)
        except TranscriberBusy as problem:
            answer = hap.TranscriptionFailed(request_id=wanted.request_id, reason=str(problem))
        else:
            start = wanted.start_sample
            answer = hap.Transcribed(
                request_id=wanted.request_id, start_sample=start, end_sample=wanted.end_sample, text=heard.text,
                words=tuple(hap.Word(w.text, w.start_sample + start, w.end_sample + start, w.probability) for w in heard.words),
                language=heard.language, confidence=heard.confidence, log_prob=heard.log_prob, no_speech=heard.no_speech,
            )  # fmt: skip
        self._answers.append((at + int(RECOGNISER_S * SAMPLE_RATE_HZ + RECOGNISER_PART * len(piece)), answer))

    def _told(self, segment: Segment, closed_at: int) -> HeardSegment:
        known_at = self._known_at.get(segment.start_sample, closed_at)
        told = HeardSegment(
            start=_s(segment.start_sample),
            end=_s(segment.end_sample),
            label=str(segment.label),
            detail=segment.detail,
            decided_at=_s(known_at),
        )
        if segment.label not in SPEECH:
            return told
        decision = _best(list(self.decisions.values()), segment)
        told.label = "announcement"
        if decision is not None:
            told.label = "human" if decision.human else "announcement"
            told.decided_at = _s(max(decision.at_sample, known_at))
            told.posterior, told.evidence, told.kind = round(decision.posterior, 4), decision.evidence, decision.kind
            told.recording_id = decision.recording_id
            first, last = segment.start_sample - WORD_SLACK, segment.end_sample + WORD_SLACK
            inside = [w.text for w in decision.words if first <= (w.start_sample + w.end_sample) // 2 < last]
            told.transcript = " ".join(inside) if inside else decision.text
        return told


def levels_dbm0(samples: NDArray[np.int16]) -> list[float]:
    """The level of each frame of int16[n], n a multiple of a frame."""
    power = np.mean(np.square(samples.reshape(-1, FRAME_SAMPLES).astype(np.float64)), axis=1) / RMS_AT_0_DBM0**2
    levels: list[float] = np.maximum(10 * np.log10(np.maximum(power, 1e-9)), SILENT_DBM0).round(1).tolist()
    return levels


def _best(decisions: list[Decision], segment: Segment) -> Decision | None:
    """The decision about the turn that shares most with the segment."""
    shared = [(min(d.end, segment.end_sample) - max(d.start, segment.start_sample), d) for d in decisions]
    length, decision = max(shared, key=lambda pair: pair[0], default=(0, None))
    return decision if length > 0 else None


def _s(sample: int) -> float:
    return round(sample / SAMPLE_RATE_HZ, 2)

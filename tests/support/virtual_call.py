"""Joins the engine's brain and a simulated company: one call in virtual time, everything seeded.

Stands in for the engine's shell: performs the brain's effects on a line (of words, or of sound) and hands back what comes of them
with the delays that a real line, recogniser and telephone have.
"""

from __future__ import annotations

import functools
import heapq
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Protocol

import msgspec
import numpy as np
from call_contract.call_events import AnyCallEvent, CallEnded, UtteranceHeard
from call_engine.call_sound import voice_described
from call_engine.core import effects as do
from call_engine.core import happenings as hp
from call_engine.core.brain import Brain, CallState
from call_engine.core.plan import Plan
from call_engine.core.turn_taking.loudness import UNKNOWN_DBM0
from call_engine.core.understanding.choice import Similarity
from call_engine.core.utterance import understand
from call_engine.core.voicing import Judged
from ivr_sim.actions import Note
from ivr_sim.confusions import PERFECT, Confusions
from ivr_sim.machine import Machine
from ivr_sim.words import HeardWord, Recognition, WordLine, spoken_samples
from ivr_sim.world import World
from line_audio.fingerprint import LEAD_SAMPLES
from line_audio.segments import SoundEvent
from numpy.typing import NDArray

MS = 8
TICK_MS = 20
CALL_MAX_S = 4 * 3600
DIAL_TO_RING_MS = 400
RECOGNISER_MS = 450
SPEECH_END_MS = 700
PICK_UP_MS = 2500
TALK_MS = 3000
TONE_MS = {do.DtmfProfile.RFC4733: (160, 120), do.DtmfProfile.RFC4733_SLOW: (250, 500)}
INBAND_MS = (200, 120)
CAUSE_OF_CODE = {486: "busy", 600: "busy", 603: "declined", 404: "unreachable", 503: "unreachable"}


#: A company says the same on every call, and the recogniser hears it the same way.
_understood = functools.lru_cache(maxsize=2048)(understand)
_recognised = functools.lru_cache(maxsize=2048)(Confusions.apply)


class CallRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a call, from both sides."""

    events: tuple[AnyCallEvent, ...]
    seals: dict[int, str]  #: index of an event → the human's words that were to be sealed in it
    path: tuple[str, ...]  #: nodes of the company that were visited
    keys: str  #: keys that led somewhere at the company: its own account of the way
    log: tuple[tuple[int, object], ...]  #: what happened when, in samples
    call_s: float

    @property
    def transcript(self) -> tuple[str, ...]:
        """The log to read."""
        return tuple(f"{at / 8000:8.2f} {_line(what)}"[:420] for at, what in self.log)

    @property
    def ended(self) -> CallEnded | None:
        last = self.events[-1] if self.events else None
        return last if isinstance(last, CallEnded) else None

    def of(self, kind: type[AnyCallEvent]) -> list[AnyCallEvent]:
        return [event for event in self.events if isinstance(event, kind)]


class VirtualLine(Protocol):
    """A line to a simulated company, of words or of sound."""

    notes: list[tuple[int, Note]]
    hung_up: str | None

    @property
    def at_sample(self) -> int: ...

    @property
    def calm_samples(self) -> int:
        """For so long no tick of it needs to be looked at; 0 where that is not known."""
        ...

    def advance(self, ticks: int = 1) -> list[SoundEvent]:
        """So many ticks later, or fewer: to the first at which there is something to tell."""
        ...

    def levels(self) -> list[float]:
        """dBm0 of each tick that the last ``advance`` took; nothing where sound is not measured."""
        ...

    def judged(self) -> Sequence[Judged]:
        """How the ear judged each of them, likewise."""
        ...

    def losses(self) -> list[str]: ...

    def recognitions(self) -> list[Recognition]: ...

    def press(self, digit: str, method: str) -> None: ...

    def caller_begins(self) -> None: ...

    def caller_ends(self, text: str) -> None: ...

    def words_between(self, start: int, end: int) -> list[HeardWord]: ...

    def keep(self, recording_id: str, start: int, end: int, lead: int = 0, gap: int = 0) -> str: ...

    def know(self, recording_id: str, fingerprint: str) -> None: ...

    def sound_between(self, start: int, end: int) -> tuple[int, NDArray[np.int16]] | None:
        """Where the sound that is left of the stretch begins, and its samples; None on a line of words."""
        ...

    def wrong_part(self, said: NDArray[np.int16], lead: int) -> float | None: ...

    def wrong_in_place(self, heard_samples: int) -> float | None: ...


class OpenLine(Protocol):
    def __call__(self, machine: Machine, *, at_sample: int, tick_samples: int) -> VirtualLine: ...


class VirtualCall:
    """``run`` makes the call from dialling to its end.

    Ticks at which neither the line, nor the shell, nor the brain has anything to do are left out, unless ``every_tick`` is asked for.
    """

    def __init__(
        self, world: World, plan: Plan, similarity: Similarity, *, call_id: str, confusions: Confusions = PERFECT, tick_ms: int = TICK_MS,
        open_line: OpenLine = WordLine, every_tick: bool = False,
    ) -> None:  # fmt: skip
        self._world = world
        self._machine = Machine(world.script, closed=world.closed)
        self._brain = Brain(plan, call_id=call_id, similarity=similarity, understanding=_understood)
        self._confusions = confusions
        self._tick = tick_ms * MS
        self._every_tick = every_tick
        self._wake_at = 0  #: what the brain said last
        self._settled = False  #: nothing came of the last tick
        self._now = 0
        self._due: list[tuple[int, int, object]] = []
        self._count = 0
        self._open_line = open_line
        self._line: VirtualLine | None = None
        self._was: VirtualLine | None = None  #: the line that is gone: what was said on it is still with the recogniser
        self._events: list[AnyCallEvent] = []
        self._seals: dict[int, str] = {}
        self._log: list[tuple[int, object]] = []
        self._learned: dict[str, str] = {}  #: recordings known before the line was answered
        self._notes: list[tuple[int, Note]] = []

    def run(self) -> CallRecord:
        self._perform(self._brain.start())
        self._ring()
        while self._brain.state is not CallState.ENDED and self._now < CALL_MAX_S * 1000 * MS:
            self._step()
        machine = self._machine
        keys = "".join(str(note.detail["digits"]) for _, note in self._notes if note.what in ("choice", "skipped"))
        return CallRecord(
            events=tuple(self._events), seals=self._seals, path=tuple(machine.path), keys=keys, log=tuple(self._log),
            call_s=self._now / 8000,
        )  # fmt: skip

    # --- time ---

    def _step(self) -> None:
        ticks = self._ticks_to_go()
        level_dbm0, judged = UNKNOWN_DBM0, None
        if self._line is not None:
            level_dbm0, judged = self._listen(self._line, ticks)
        else:
            self._now += self._tick * ticks
        while self._due and self._due[0][0] <= self._now:
            _, _, what = heapq.heappop(self._due)
            self._happen(what)
        if self._settled and self._now < self._wake_at and not self._every_tick:
            self._brain.passed(self._now, level_dbm0, judged)
        else:
            self._feed(hp.Tick(level_dbm0=level_dbm0, judged=judged))
            self._wake_at = self._brain.wake_at if self._settled else 0
        if self._line is not None and self._line.hung_up is not None:
            self._say(f"company hangs up: {self._line.hung_up}")
            self._line, self._was = None, self._line
            self._feed(hp.LineEnded(cause="disconnected"))

    def _ticks_to_go(self) -> int:
        """To the first tick at which somebody has something to do."""
        calm = self._line.calm_samples if self._line is not None else CALL_MAX_S * 1000 * MS
        if self._every_tick or not self._settled or not calm:
            return 1
        due = self._due[0][0] if self._due else self._wake_at
        until = min(self._now + calm, self._wake_at, due)
        return max(1, -((self._now - until) // self._tick))

    def _listen(self, line: VirtualLine, ticks: int) -> tuple[float, Judged | None]:
        """So many ticks of the line, and what is heard in the last. The brain is told how each sounds; gives that of the last."""
        self._notes = line.notes
        events = line.advance((self._now - line.at_sample) // self._tick + ticks)
        levels = line.levels() or [UNKNOWN_DBM0]
        judged: Sequence[Judged | None] = line.judged() or [None] * len(levels)
        for passed, how in zip(levels[:-1], judged, strict=False):
            self._now += self._tick
            self._brain.passed(self._now, passed, how)
        if line.at_sample - self._tick > self._now:  # nobody measures: the last of the ticks that passed stands for all
            self._brain.passed(line.at_sample - self._tick, UNKNOWN_DBM0)
        self._now = line.at_sample
        for event in events:
            self._feed(event)
        for recording_id in line.losses():
            self._feed(hp.RecordingLost(recording_id=recording_id))
        for found in line.recognitions():
            self._feed(
                hp.RecordingRecognised(
                    recording_id=found.recording_id, start_sample=found.start_sample, position_ms=found.position_ms, score=found.score,
                    length_ms=found.length_ms, score_before=found.score_before,
                )
            )  # fmt: skip
        return levels[-1], judged[-1]

    def _later(self, ms: float, what: object) -> None:
        self._count += 1
        heapq.heappush(self._due, (self._now + round(ms * MS), self._count, what))

    def _happen(self, what: object) -> None:
        match what:
            case hp.Answered():
                self._line = self._open_line(self._machine, at_sample=self._now, tick_samples=self._tick)
                for recording_id, fingerprint in self._learned.items():
                    self._line.know(recording_id, fingerprint)
                self._feed(what)
            case ("press", str(digit), str(method)) if self._line is not None:
                self._line.press(digit, method)
            case ("begin",) if self._line is not None:
                self._line.caller_begins()
            case ("end", str(text)) if self._line is not None:
                self._line.caller_ends(text)
            case hp.Happening():
                if isinstance(what, hp.Transcribed):
                    self._say(what)
                self._feed(what)  # type: ignore[arg-type]
            case _:
                pass

    def _ring(self) -> None:
        answering = self._world.script.answering
        self._later(DIAL_TO_RING_MS, hp.Ringing())
        if answering.never:
            return
        after_ms = DIAL_TO_RING_MS + answering.after_s * 1000
        if answering.code == 200:
            self._later(after_ms, hp.Answered(codec="PCMU"))
        else:
            self._later(after_ms, hp.LineEnded(cause=CAUSE_OF_CODE.get(answering.code, "unreachable"), sip_code=answering.code))

    # --- the brain ---

    def _feed(self, happening: hp.AnyHappening) -> None:
        effects = self._brain.feed(self._now, happening)
        self._settled = isinstance(happening, hp.Tick) and not effects
        self._perform(effects)

    def _perform(self, effects: list[do.AnyEffect]) -> None:
        for effect in effects:
            match effect:
                case do.Record():
                    self._record(effect)
                case do.Transcribe():
                    self._transcribe(effect)
                case do.Press():
                    self._press(effect)
                case do.Play():
                    self._play(effect)
                case do.RingDevice():
                    self._later(300, hp.DeviceRang(device=effect.device))
                    self._later(PICK_UP_MS, hp.DevicePickedUp(device=effect.device))
                case do.Bridge():
                    self._later(60, hp.LegsBridged(device=effect.device))
                    self._later(TALK_MS, hp.DeviceGone(device=effect.device, cause="hung_up"))
                case do.HangUp():
                    self._line = None
                    self._later(40, hp.LineEnded(cause="hung_up"))
                case do.KeepRecording() if self._line is not None:
                    fingerprint = self._line.keep(effect.recording_id, effect.start_sample, effect.end_sample, effect.lead, effect.gap)
                    kept = hp.RecordingKept(
                        recording_id=effect.recording_id, start_sample=effect.start_sample, end_sample=effect.end_sample,
                        fingerprint=fingerprint,
                    )  # fmt: skip
                    self._later(0, kept)
                case do.KnowRecording():
                    self._known(effect)
                case do.DescribeVoice() if self._line is not None:
                    if (sound := self._line.sound_between(max(0, effect.start_sample - LEAD_SAMPLES), effect.end_sample)) is not None:
                        self._later(0, voice_described(effect, *sound, self._line))
                case _:
                    pass

    def _record(self, record: do.Record) -> None:
        if record.seal is not None:
            self._seals[len(self._events)] = record.seal.text
        self._events.append(record.event)
        self._say(record)

    def _known(self, known: do.KnowRecording) -> None:
        """Recordings known before the line is answered are told to it then."""
        if self._line is not None:
            self._line.know(known.recording_id, known.fingerprint)
        else:
            self._learned[known.recording_id] = known.fingerprint

    # --- effects that take time ---

    def _press(self, press: do.Press) -> None:
        on_ms, off_ms = TONE_MS.get(press.profile, INBAND_MS)
        method = "inband" if press.profile is do.DtmfProfile.INBAND else "rfc4733"
        at_ms = 0.0
        for key in press.digits:
            if key in "w,":
                at_ms += 500 if key == "w" else 2000
                continue
            self._later(at_ms + on_ms, ("press", key, method))
            at_ms += on_ms + off_ms
        self._later(at_ms, hp.DigitsDelivered(digits=press.digits, profile=press.profile.value))

    def _play(self, play: do.Play) -> None:
        length_ms = spoken_samples(play.text or "a recorded sentence of some length") / MS
        self._later(100, ("begin",))
        self._later(length_ms, hp.PlaybackEnded(playback_id=play.playback_id))
        self._later(length_ms + SPEECH_END_MS, ("end", play.text or ""))

    def _transcribe(self, asked: do.Transcribe) -> None:
        line = self._line or self._was
        heard = line.words_between(asked.start_sample, asked.end_sample) if line is not None else []
        text = _recognised(self._confusions, " ".join(word.text for word in heard))
        words = tuple(timed(text, heard))
        self._later(
            RECOGNISER_MS,
            hp.Transcribed(
                request_id=asked.request_id, start_sample=asked.start_sample, end_sample=asked.end_sample, text=text, words=words
            ),
        )

    def _say(self, what: object) -> None:
        self._log.append((self._now, what))


def _line(what: object) -> str:
    match what:
        case hp.Transcribed():
            return f"Transcribed {what.start_sample / 8000:.2f}-{what.end_sample / 8000:.2f}: {what.text}"
        case do.Record(event=event, seal=seal):
            said = seal.text if seal and isinstance(event, UtteranceHeard) else ""
            return f"{event} {said}"
        case _:
            return str(what)


def timed(text: str, heard: Sequence[HeardWord]) -> Iterator[hp.Word]:
    """The words as recognised, on the times of those that were said: of the same word, or of one that stands between the same words."""
    words = tuple(text.split())
    for word, place in zip(words, _places(words, tuple(word.text for word in heard)), strict=True):
        said = heard[min(place, len(heard) - 1)]
        yield hp.Word(text=word, start_sample=said.start_sample, end_sample=said.end_sample, probability=0.9)


@functools.lru_cache(maxsize=2048)
def _places(words: tuple[str, ...], said: tuple[str, ...]) -> list[int]:
    """For each word recognised, which of those said it is."""
    bare = [_bare(word) for word in words], [_bare(word) for word in said]
    places: list[int] = []
    after = 0
    for same in SequenceMatcher(None, *bare, autojunk=False).get_matching_blocks():
        other = same.a - len(places)
        places += [after + number * (same.b - after) // other for number in range(other)]
        places += range(same.b, same.b + same.size)
        after = same.b + same.size
    return places


def _bare(word: str) -> str:
    return word.lower().strip(".,?!")

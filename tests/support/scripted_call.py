"""A scripted company in virtual time, at the level of sounds and words: drives a Brain without audio, wires or waiting."""

from __future__ import annotations

import dataclasses
import heapq
import itertools
from collections.abc import Sequence
from typing import Any

from call_engine.core import effects as fx
from call_engine.core import happenings as hp
from call_engine.core.brain import Brain, CallState
from call_engine.core.understanding.choice import shared_concepts
from line_audio.segments import Label, Segment, SegmentClosed, SegmentOpened

FRAME = 160
MS = 8
WORD_MS = 380


@dataclasses.dataclass(frozen=True)
class Clip:
    """A stretch of sound. Speech has a text; its length follows from it. The text of special information tones is what they say."""

    label: Label
    text: str = ""
    length_ms: int = 0

    @property
    def samples(self) -> int:
        return (self.length_ms or len(self.text.split()) * WORD_MS) * MS


def say(text: str) -> Clip:
    return Clip(Label.SPEECH, text)


def music(seconds: float) -> Clip:
    return Clip(Label.MUSIC, "", int(seconds * 1000))


def pause(seconds: float) -> Clip:
    return Clip(Label.SILENCE, "", int(seconds * 1000))


def tone(label: Label, seconds: float) -> Clip:
    return Clip(label, "", int(seconds * 1000))


@dataclasses.dataclass(frozen=True)
class Node:
    """What plays, and where keys lead. ``during``/``after``: when keys are taken. ``swallow``: this many presses are lost first.

    ``apology``: what is said before it plays again.
    """

    plays: Sequence[Clip]
    keys: dict[str, str] = dataclasses.field(default_factory=dict)
    then: str | None = None
    wait_s: float = 5.0
    repeats: int = 3
    during: bool = True
    after: bool = True
    swallow: int = 0
    profiles: tuple[str, ...] = ("rfc4733", "rfc4733_slow", "inband")
    invalid: str = "That is not a valid option."
    apology: str = ""
    hangs_up: bool = False


class WordSimilarity:
    """A behaving stand-in for sentence embeddings: the share of stems that two texts have in common."""

    def scores(self, text: str, candidates: Sequence[str]) -> list[float]:
        wanted = {word[:5] for word in text.lower().split()}
        offered = [{word[:5] for word in one.lower().split()} for one in candidates]
        return [0.1 + 0.5 * len(wanted & stems) / max(1, len(wanted | stems)) for stems in offered]

    def kinds(self, text: str, cues: Sequence[float]) -> dict[str, float]:
        return {}

    def topics(self, text: str, candidates: Sequence[str]) -> list[float]:
        return [shared_concepts(text, one) for one in candidates]

    def serving(self, text: str, candidates: Sequence[str]) -> list[float]:
        return self.scores(text, candidates)

    def remembered(self, text: str, candidates: Sequence[str]) -> list[float]:
        return self.scores(text, candidates)

    def singled_out(self, text: str, candidates: Sequence[str]) -> list[float]:
        """About a half for what has nothing in common, more than one for what has words or concepts: as of the sentence model."""
        alike = zip(self.scores(text, candidates), self.topics(text, candidates), strict=True)
        return [0.4 + score + 0.6 * topic for score, topic in alike]


class ScriptedCall:
    """Runs a brain against nodes until the call is over. ``events`` are what it recorded, ``effects`` all it wanted done."""

    def __init__(self, brain: Brain, nodes: dict[str, Node], *, start: str = "start", answer_s: float = 2.0, pickup_s: float | None = 2.0,
                 transcribe_ms: int = 400, device_hangs_up_s: float = 3.0, recognise: bool = True,
                 leaps: bool = False, closes_ms: int = 100) -> None:  # fmt: skip
        """``leaps``: ticks before the brain wakes are passed over. ``closes_ms``: what the ear takes to say that speech has ended; speech
        that follows sooner is the same segment to it."""
        self.brain, self.nodes = brain, nodes
        self.now = 0
        self.events: list[Any] = []
        self.seals: list[str] = []
        self.effects: list[Any] = []
        self.path: list[str] = []
        self._agenda: list[tuple[int, int, Any]] = []
        self._count = itertools.count()
        self._spoken: list[tuple[int, int, str]] = []  # start, end, word
        self._known: dict[str, str] = {}  # recording id → text
        self._start_node, self._pickup_s, self._transcribe_ms, self._recognise = start, pickup_s, transcribe_ms, recognise
        self._device_hangs_up_s = device_hangs_up_s
        self._node = ""
        self._clip: Clip | None = None
        self._clip_start = 0
        self._clip_told = False
        self._playing = ""
        self._epoch = 0
        self._swallowed: dict[str, int] = {}
        self._rounds: dict[str, int] = {}
        self._over = False
        self._leaps, self._changed, self.ticks = leaps, True, 0
        self._closes_ms, self._closing = closes_ms, 0
        self._times: list[float] = []
        self._do(brain.start())
        self._at(int(0.5 * 8000), lambda: self._feed(hp.Ringing()))
        self._at(int(answer_s * 8000), self._answer)

    # --- the clock ---

    def run(self, max_s: float = 900) -> ScriptedCall:
        while self.brain.state is not CallState.ENDED and self.now < max_s * 8000:
            self.now += FRAME
            while self._agenda and self._agenda[0][0] <= self.now:
                heapq.heappop(self._agenda)[2]()
            if self.brain.state is not CallState.ENDED and (not self._leaps or self._changed or self.now >= self.brain.wake_at):
                self._changed = False
                self.ticks += 1
                self._feed(hp.Tick())
        return self

    def _at(self, when: int, what: Any) -> None:
        heapq.heappush(self._agenda, (when, next(self._count), what))

    def _feed(self, happening: Any) -> None:
        self._changed = self._changed or not isinstance(happening, hp.Tick)
        self._do(self.brain.feed(self.now, happening))

    # --- the company ---

    def _answer(self) -> None:
        self._feed(hp.Answered(codec="PCMU"))
        self._enter(self._start_node)

    def _enter(self, name: str) -> None:
        self._stop_clip()
        self._epoch += 1
        self._node = name
        self.path.append(name)
        self._rounds[name] = 0
        self._play(0, self._epoch)

    def _play(self, index: int, epoch: int) -> None:
        node = self.nodes[self._node]
        if epoch != self._epoch or self._over:
            return
        if index >= len(node.plays):
            self._clip = None
            self._finished(node, epoch)
            return
        clip = node.plays[index] if index >= 0 else say(node.apology)
        self._clip, self._clip_start, self._clip_told = clip, self.now, False
        if clip.label is Label.SPEECH:
            at = self.now
            for word in clip.text.split():
                self._spoken.append((at, at + WORD_MS * MS, word))
                at += WORD_MS * MS
        if clip.label is not Label.SILENCE:
            self._at(self.now + 100 * MS, lambda: self._open(clip, epoch))
        if self._recognise and clip.text and clip.label is Label.SPEECH:
            self._at(self.now + 1500 * MS, lambda: self._maybe_recognise(clip, epoch, self._clip_start))
        self._at(self.now + clip.samples, lambda: self._clip_done(index, epoch))

    def _open(self, clip: Clip, epoch: int) -> None:
        if epoch == self._epoch and self._clip is clip:
            self._clip_told = True
            if self._closing and clip.label is Label.SPEECH:
                self._closing = 0
                return
            detail = clip.text if clip.label is Label.SIT else ""
            self._feed(SegmentOpened(label=clip.label, start_sample=self._clip_start, at_sample=self.now, detail=detail))

    def _maybe_recognise(self, clip: Clip, epoch: int, start: int) -> None:
        for recording_id, text in list(self._known.items()):
            if epoch == self._epoch and self._clip is clip and text and text.startswith(clip.text):
                self._playing = recording_id
                self._feed(hp.RecordingRecognised(recording_id=recording_id, start_sample=start, position_ms=1500, score=0.9))
                return

    def _clip_done(self, index: int, epoch: int) -> None:
        if epoch != self._epoch:
            return
        self._stop_clip()
        self._play(index + 1, epoch)

    def _stop_clip(self) -> None:
        if self._playing:  # the ear notices within a second that a recording plays no longer
            lost, self._playing = self._playing, ""
            self._at(self.now + 1000 * MS, lambda: self._feed(hp.RecordingLost(recording_id=lost)))
        clip, start = self._clip, self._clip_start
        self._clip = None
        if clip is None or clip.label is Label.SILENCE or not self._clip_told:
            return
        self._spoken = [(a, b, word) for a, b, word in self._spoken if a < self.now]
        end = self.now
        self._closing = end if clip.label is Label.SPEECH else 0
        self._at(self.now + self._closes_ms * MS, lambda: self._close(Segment(label=clip.label, start_sample=start, end_sample=end)))

    def _close(self, segment: Segment) -> None:
        if segment.label is not Label.SPEECH or self._closing == segment.end_sample:
            self._closing = 0
            self._feed(SegmentClosed(segment=segment, at_sample=self.now))

    def _finished(self, node: Node, epoch: int) -> None:
        if node.hangs_up:
            self._at(self.now + 8000, lambda: self._hang_up("disconnected"))
        elif node.then:
            self._enter(node.then)
        elif node.keys:
            self._at(self.now + int(node.wait_s * 8000), lambda: self._repeat(epoch))

    def _repeat(self, epoch: int) -> None:
        if epoch != self._epoch:
            return
        self._rounds[self._node] += 1
        if self._rounds[self._node] >= self.nodes[self._node].repeats:
            self._hang_up("disconnected")
        else:
            self._play(-1 if self.nodes[self._node].apology else 0, epoch)

    def _key(self, digits: str, profile: str) -> None:
        node = self.nodes[self._node]
        playing = self._clip is not None
        taken = node.during if playing else node.after
        if not taken or profile not in node.profiles or not node.keys:
            return
        if self._swallowed.get(self._node, 0) < node.swallow:
            self._swallowed[self._node] = self._swallowed.get(self._node, 0) + 1
            return
        if digits in node.keys:
            self._enter(node.keys[digits])
        else:
            name = self._node
            self.nodes["invalid"] = Node([say(node.invalid), pause(0.3)], then=name)
            self._enter("invalid")

    def _hang_up(self, cause: str) -> None:
        if not self._over:
            self._over = True
            self._stop_clip()
            self._feed(hp.LineEnded(cause=cause))

    # --- effects ---

    def _do(self, wanted: list[Any]) -> None:
        for effect in wanted:
            self.effects.append(effect)
            self._times.append(self.now / 8000)
            self._changed = True
            self._perform(effect)

    def _perform(self, effect: Any) -> None:
        match effect:
            case fx.Record():
                self.events.append(effect.event)
                if effect.seal:
                    self.seals.append(effect.seal.text)
            case fx.Transcribe():
                self._at(self.now + self._transcribe_ms * MS, lambda: self._feed(self._transcript(effect)))
            case fx.Press():
                self._at(self.now + 200 * MS, lambda: self._key(effect.digits, effect.profile.value))
                self._at(self.now + 300 * MS, lambda: self._feed(hp.DigitsDelivered(digits=effect.digits, profile=effect.profile.value)))
            case fx.KeepRecording():
                text = self._text(effect.start_sample, effect.end_sample)
                self._known[effect.recording_id] = text
                kept = hp.RecordingKept(recording_id=effect.recording_id, start_sample=effect.start_sample,
                                        end_sample=effect.end_sample, fingerprint="fp:" + text)  # fmt: skip
                self._at(self.now + 20 * MS, lambda: self._feed(kept))
            case fx.KnowRecording():
                self._known[effect.recording_id] = effect.fingerprint.removeprefix("fp:")
            case fx.Play():
                self._at(self.now + 1500 * MS, lambda: self._feed(hp.PlaybackEnded(playback_id=effect.playback_id)))
            case fx.RingDevice():
                self._at(self.now + 500 * MS, lambda: self._feed(hp.DeviceRang(device=effect.device)))
                if self._pickup_s is not None:
                    self._at(self.now + int(self._pickup_s * 8000), lambda: self._feed(hp.DevicePickedUp(device=effect.device)))
            case fx.CancelDevice():
                pass
            case fx.Bridge():
                self._at(self.now + 100 * MS, lambda: self._feed(hp.LegsBridged(device=effect.device)))
                gone = hp.DeviceGone(device=effect.device, cause="disconnected")
                self._at(self.now + int(self._device_hangs_up_s * 8000), lambda: self._feed(gone))
            case fx.HangUp():
                self._at(self.now + 100 * MS, lambda: self._hang_up("hung_up"))
            case _:
                pass

    def _text(self, start: int, end: int) -> str:
        return " ".join(word for a, b, word in self._spoken if start <= (a + b) // 2 < end and a < self.now)

    def _transcript(self, ask: fx.Transcribe) -> hp.Transcribed:
        words = [(a, b, word) for a, b, word in self._spoken if ask.start_sample <= (a + b) // 2 < ask.end_sample]
        return hp.Transcribed(
            request_id=ask.request_id, start_sample=ask.start_sample, end_sample=ask.end_sample, text=" ".join(word for *_, word in words),
            words=tuple(hp.Word(word, a, b) for a, b, word in words),
        )  # fmt: skip

    # --- what a test asks ---

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def times(self, kind: type) -> list[float]:
        """When such effects were wanted, in seconds."""
        return [at for at, effect in zip(self._times, self.effects, strict=True) if isinstance(effect, kind)]

    def timeline(self) -> str:
        lines = []
        for event in self.events:
            fields = {name: getattr(event, name) for name in event.__struct_fields__ if name != "at_ms"}
            shown = {name: value for name, value in fields.items() if value not in (None, "", [], {}, 0, False)}
            lines.append(f"{event.at_ms / 1000:8.2f} {type(event).__name__:18} {str(shown)[:230]}")
        return "\n".join(lines)

"""One call: hands what happens to the brain and does what the brain wants, in order. Call time is the number of samples heard.

``advance`` is called once a pulse (20 ms) and never waits for anything slow: recognition and speech run as tasks whose results come
back as happenings of a later pulse. An event is in the journal before the next effect is done.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np
from call_contract.call_events import ActionRefused
from line_audio.segments import FRAME_SAMPLES, Label, Segment, SegmentClosed, SegmentOpened, SoundEvent
from numpy.typing import NDArray

from call_engine.call_sound import CallSound, Recordings
from call_engine.core import effects as do
from call_engine.core import happenings as hap
from call_engine.core.voicing import Judged
from call_engine.errors import Refused
from call_engine.journal.record import CallRecord
from call_engine.ports import PhoneLine, Speech, Transcriber
from call_engine.redaction import MASKED_DIGITS

log = logging.getLogger(__name__)

HANG_UP_GRACE_SAMPLES = 3 * 8000  #: a line that says nothing more this long after HangUp is taken for ended


class CallBrain(Protocol):
    """The pure core as the shell sees it."""

    @property
    def human_posterior(self) -> float: ...

    def start(self) -> list[do.AnyEffect]:
        """What is to be done before dialling."""
        ...

    def feed(self, at_sample: int, happening: hap.AnyHappening) -> list[do.AnyEffect]: ...


class CannotSpeak(Exception):
    """There is no such asset, or no voice."""


class Session:
    """``line`` is dialled by whoever opened it. The session is over (``ended``) once CallEnded is written."""

    def __init__(
        self,
        *,
        brain: CallBrain,
        line: PhoneLine,
        record: CallRecord,
        recordings: Recordings,
        transcriber: Transcriber,
        speech: Speech,
        assets: Mapping[str, NDArray[np.int16]],
        secrets: Mapping[str, str],
        recordings_dir: Path | None = None,
        check_device: Callable[[str], None] = lambda _device: None,
        check_digits: Callable[[str], None] = lambda _digits: None,
    ) -> None:
        """``check_device`` and ``check_digits`` raise Refused for what must not be rung or keyed. ``recordings_dir``: where conversations
        are recorded.
        """
        self.line, self.record = line, record
        self.at_sample = 0
        self.level_dbm0 = -90.0
        self.label = ""
        self._brain, self._speech = brain, speech
        self._assets, self._secrets, self._check_device, self._check_digits = assets, secrets, check_device, check_digits
        self._recordings_dir = recordings_dir
        self._sound = CallSound(recordings, transcriber, call_id=record.state.call_id)
        self._inbox: deque[hap.AnyHappening] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._playback: asyncio.Task[None] | None = None
        self._secret_presses: deque[str] = deque()
        self._hung_up_at: int | None = None
        self._stopped = self._handed_over = False

    @property
    def ended(self) -> bool:
        return self._stopped or self.record.ended

    @property
    def human_posterior(self) -> float:
        return self._brain.human_posterior

    def stop(self) -> None:
        """The call cannot go on, although its last event is not written yet."""
        self._stopped = True

    def post(self, happening: hap.AnyHappening) -> None:
        """Something that happens at the next pulse."""
        self._inbox.append(happening)

    @property
    def bridged(self) -> bool:
        """Two people talk, and nothing is recorded: they can do without us."""
        return self.record.state.state == "bridged" and not any(entry.type == "RecordingStarted" for entry in self.record.entries)

    def hand_over(self, reason: str) -> None:
        """The call is over for this engine, but not for the two people on it."""
        self._handed_over = True
        self.post(hap.LineEnded(cause="handed_over", reason=reason))

    async def start(self) -> None:
        await self._perform(self._brain.start())

    async def beat(
        self, facts: Sequence[hap.LineFact], frame: NDArray[np.int16] | None, sounds: Sequence[SoundEvent], level_dbm0: float,
        judged: Judged | None = None,
    ) -> Exception | None:  # fmt: skip
        """``advance`` (or, without a frame, ``notice``), giving back what broke: a broken call must not break the others."""
        if self.ended:
            return None
        try:
            if frame is None:
                await self.notice(facts)
            else:
                await self.advance(facts, frame, sounds, level_dbm0, judged)
        except Exception as problem:  # noqa: BLE001 - one of the two outermost loops; the caller logs and records it
            return problem
        return None

    async def advance(
        self, facts: Sequence[hap.LineFact], frame: NDArray[np.int16], sounds: Sequence[SoundEvent], level_dbm0: float,
        judged: Judged | None = None,
    ) -> None:  # fmt: skip
        """20 ms of the call: what the line says, what was heard, what the ear makes of it. Raises JournalFailed."""
        recognised = self._sound.feed(frame)
        self.at_sample += FRAME_SAMPLES
        self.level_dbm0 = level_dbm0
        for sound in sounds:
            self.label = str(getattr(sound, "label", self.label))
        posted = [self._inbox.popleft() for _ in range(len(self._inbox))]
        if facts:
            await self.notice(facts)
        await self._happen([*sounds, *recognised, *posted, *self._overdue(), hap.Tick(level_dbm0=level_dbm0, judged=judged)])

    async def notice(self, facts: Sequence[hap.LineFact]) -> None:
        """What the line says, without a frame. Raises JournalFailed."""
        await self._happen([self._masked(fact) for fact in facts])

    async def kept(self) -> None:
        """Every recording that was to be kept so far is."""
        await self._sound.kept()

    async def close(self) -> None:
        """Gives the line back; the call is over, one way or another."""
        for task in self._tasks:
            task.cancel()
        if self._handed_over:
            await self.line.let_go()
        else:
            await self.line.close()

    async def _happen(self, happenings: Iterable[hap.AnyHappening]) -> None:
        for happening in happenings:
            if self.ended:
                return
            if log.isEnabledFor(logging.DEBUG) and _may_be_logged(happening):
                log.debug("%s", happening, extra={"call_id": self.record.state.call_id, "at_ms": self.at_sample // 8})
            effects = self._brain.feed(self.at_sample, happening)
            if effects:
                await self._perform(effects)

    async def _perform(self, effects: Iterable[do.AnyEffect]) -> None:
        """What is recorded right behind a press or a playback is written before that is done."""
        waiting = deque(effects)
        while waiting and not self.ended:
            effect = waiting.popleft()
            if isinstance(effect, do.Press) and self._refuses(effect):
                return  # the call ends: what was to follow the press is not done either
            while isinstance(effect, do.Press | do.Play) and waiting and isinstance(waiting[0], do.Record):
                await self._do(waiting.popleft())
            await self._do(effect)

    async def _do(self, effect: do.AnyEffect) -> None:
        match effect:
            case do.Record():
                self.record.write(effect.event, effect.seal)
            case do.Press():
                await self.line.command(self._with_secret(effect))
            case do.Play():
                self._playback = self._spawn(self._play(effect))
            case do.StopPlaying():
                if self._playback is not None:
                    self._playback.cancel()
                await self.line.command(effect)
            case do.HangUp():
                self._hung_up_at = self.at_sample
                await self.line.command(effect)
            case do.RingDevice():
                await self._ring(effect)
            case do.CancelDevice() | do.Bridge():
                await self.line.command(effect)
            case do.RecordConversation():
                await self._record_conversation()
            case do.Transcribe():
                self._spawn(self._transcribe(effect))
            case do.KnowRecording():
                self._sound.know(effect)
            case do.KeepRecording():
                self._spawn(self._keep(effect, *self._sound.cut(effect)))
            case do.DescribeVoice():
                self.post(self._sound.describe(effect))

    async def _transcribe(self, wanted: do.Transcribe) -> None:
        self.post(await self._sound.transcribe(wanted))

    async def _keep(self, wanted: do.KeepRecording, start: int, samples: NDArray[np.int16]) -> None:
        self.post(await self._sound.keep(wanted, start, samples))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- the line -----------------------------------------------------------------------------------------------------

    async def _ring(self, ring: do.RingDevice) -> None:
        try:
            self._check_device(ring.device)
        except Refused as refusal:
            self.post(hap.DeviceGone(device=ring.device, cause=f"refused by rule {refusal.rule}"))
        else:
            await self.line.command(ring)

    async def _record_conversation(self) -> None:
        if self._recordings_dir is None:
            self.post(hap.RecordingBegan(failure="this engine keeps no recordings"))
        else:
            await self.line.command(do.RecordConversation(path=str(self._recordings_dir / f"{self.record.state.call_id}.wav")))

    def _refuses(self, press: do.Press) -> bool:
        """Whether a guard objects to these keys. Then that is written, and the call is ended."""
        try:
            self._check_digits(press.digits)
        except Refused as refusal:
            self.note_refusal("digits", refusal)
            self.post(hap.EndOrdered(reason=f"refused by rule {refusal.rule}", by="guard"))
            return True
        return False

    def note_refusal(self, action: str, refusal: Refused, by: str = "") -> None:
        """Raises JournalFailed."""
        self.record.write(ActionRefused(at_ms=self.at_sample // 8, action=action, rule=refusal.rule, reason=refusal.reason, by=by))

    def _with_secret(self, press: do.Press) -> do.Press:
        """The press with the digits of its secret, which leave this method only towards the line."""
        if press.secret is None:
            return press
        digits = self._secrets.get(press.secret, "")
        self.record.secrets.add(digits)
        self._secret_presses.append(digits)
        return do.Press(digits=digits, profile=press.profile)

    def _masked(self, fact: hap.LineFact) -> hap.LineFact:
        if isinstance(fact, hap.DigitsDelivered) and self._secret_presses and fact.digits == self._secret_presses[0]:
            self._secret_presses.popleft()
            return msgspec.structs.replace(fact, digits=MASKED_DIGITS)
        return fact

    def _overdue(self) -> list[hap.LineFact]:
        """A line that was told to hang up and says nothing more has hung up."""
        if self._hung_up_at is None or self.at_sample - self._hung_up_at < HANG_UP_GRACE_SAMPLES:
            return []
        self._hung_up_at = None
        return [hap.LineEnded(cause="hung_up", reason="no answer from the line")]

    async def _play(self, play: do.Play) -> None:
        try:
            samples = await self._samples_of(play)
        except CannotSpeak:
            self.post(hap.PlaybackEnded(playback_id=play.playback_id, completed=False))
            return
        except asyncio.CancelledError:
            self.post(hap.PlaybackEnded(playback_id=play.playback_id, completed=False))
            raise
        await self.line.play(play.playback_id, samples, both=play.both)

    async def _samples_of(self, play: do.Play) -> NDArray[np.int16]:
        if play.audio_file is not None:
            if play.audio_file not in self._assets:
                raise CannotSpeak(play.audio_file)
            return self._assets[play.audio_file]
        return await self._speech.say(play.text or "")


def _may_be_logged(happening: hap.AnyHappening) -> bool:
    """Sounds only: words and digits of a call, its tones included, never are."""
    match happening:
        case SegmentOpened(label=label) | SegmentClosed(segment=Segment(label=label)):
            return label is not Label.DTMF
        case _:
            return isinstance(happening, hap.RecordingRecognised)

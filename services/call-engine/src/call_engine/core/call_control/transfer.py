"""Brings the person to the human: rings the device, bridges, asks the human to wait meanwhile, and ends in a defined way."""

from __future__ import annotations

import enum
from collections.abc import Callable

from call_contract.call_events import (
    EARLY,
    AudioPlayed,
    CallBridged,
    CallOutcome,
    DeviceAnswered,
    DeviceRinging,
    TransferFailed,
    TransferStarted,
)  # fmt: skip

from call_engine.core.call_time import ms, samples
from call_engine.core.effects import Bridge, CancelDevice, Play, RingDevice
from call_engine.core.happenings import AnyHappening, DeviceGone, DevicePickedUp, DeviceRang, LegsBridged, PlaybackEnded
from call_engine.core.kit import Kit
from call_engine.core.orders import ORDERED, EndCall, LeaveTransfer, ReachDevice, WaitOn
from call_engine.core.waking import later, soonest

_SAY_AFTER_MS = 700  #: of silence, so that the human is not interrupted
_SAY_AGAIN_MS = 12_000
_RING_AGAIN_MS = 10_000  #: after the last ringing began: a phone that is busy now is not rung twice in a moment
_BRIDGE_MS = 5_000  #: picked up, and still no sound: there will be none
_LAST_WORDS_MS = 15_000  #: for the apology to be played
_TIMEOUT, _BUSY = "timeout", "busy"
#: What a step's conditions may call a device that was rung in vain.
NOT_REACHED = (_TIMEOUT, _BUSY)
_ENGAGED = frozenset(("busy", "declined"))


class Stage(enum.Enum):
    IDLE = "idle"
    RINGING = "ringing"
    PAUSING = "pausing"  #: before it is rung again
    PICKED_UP = "picked_up"
    BRIDGING = "bridging"
    BRIDGED = "bridged"
    PARTING = "parting"  #: the human is told that nobody will come
    OVER = "over"


class Transfer:
    """``nobody_waits``: whether the call is still on hold, with no human there."""

    def __init__(self, kit: Kit, nobody_waits: Callable[[], bool]) -> None:
        self._kit = kit
        self._nobody_waits = nobody_waits
        self.stage = Stage.IDLE
        self.device = ""
        self._wanted_at: int | None = None  #: since when someone is to be bridged
        self._rang_at = 0
        self._stage_at = 0
        self._reason = ""  #: why it failed last
        self._reach = ReachDevice("")  #: what was asked for
        self._rung_at: dict[str, int] = {}  #: each device, the last time
        self._attempts = 0
        self._said_at: int | None = None
        self._sayings = 0

    @property
    def wanted(self) -> bool:
        return self._wanted_at is not None

    @property
    def is_ordered(self) -> bool:
        return self.wanted and self._reach.ordered

    def ring_early(self, device: str) -> None:
        """Rings before a human is sure to be there."""
        if self.stage is Stage.IDLE:
            self._kit.outbox.record(TransferStarted(device=device, reason=EARLY))
            self._ring(device)

    def begin(self, reach: ReachDevice) -> None:
        """A human is there (or a person ordered it): bridge as soon as the device has picked up."""
        if self.wanted:
            return
        if self.stage in (Stage.IDLE, Stage.OVER):
            self._start(reach)
        elif self.device != reach.device:
            self._instead(reach, "another device than the one that rang early is wanted")
        self._reach, self._wanted_at = reach, self._kit.now
        if self.stage is Stage.PICKED_UP:
            self._bridge()

    def _start(self, reach: ReachDevice) -> None:
        self._reach = reach
        self._kit.outbox.record(TransferStarted(device=reach.device, reason=reach.reason))
        self._attempts = 0
        rung_at = self._rung_at.get(reach.device)
        if reach.ring_s is None or rung_at is None or self._kit.now - rung_at >= samples(_RING_AGAIN_MS):
            self._ring(reach.device)
        else:  # a flow may lead back to where it came from
            self.device, self._rang_at = reach.device, rung_at
            self._enter(Stage.PAUSING)

    def _instead(self, reach: ReachDevice, reason: str) -> None:
        self._kit.outbox.do(CancelDevice(device=self.device))
        self._tell_failed(reason)
        self._start(reach)

    def _tell_failed(self, reason: str, sip_code: int = 0) -> None:
        by = self._reach.by if self.wanted else ""
        self._kit.outbox.record(TransferFailed(device=self.device, reason=reason, sip_code=sip_code, by=by))

    def ordered(self, device: str, by: str) -> None:
        """By a person, who may want another device than the one that is not picked up."""
        reach = ReachDevice(device, ORDERED, by=by)
        if self.wanted and device != self.device and self.stage in (Stage.RINGING, Stage.PAUSING, Stage.PARTING):
            self._instead(reach, "another device was ordered")
        else:
            self.begin(reach)

    def _enter(self, stage: Stage) -> None:
        self.stage, self._stage_at = stage, self._kit.now

    def _ring(self, device: str) -> None:
        self.device = device
        self._enter(Stage.RINGING)
        self._attempts += 1
        self._rang_at = self._rung_at[device] = self._kit.now
        self._kit.outbox.do(RingDevice(device=device))

    def _bridge(self) -> None:
        self._enter(Stage.BRIDGING)
        self._kit.outbox.do(Bridge(device=self.device, stay=self._kit.plan.record_conversation))

    def feed(self, happening: AnyHappening) -> None:
        match happening:
            case DeviceRang():
                self._kit.outbox.record(DeviceRinging(device=happening.device))
            case DevicePickedUp():
                self._picked_up(happening.device)
            case LegsBridged():
                self._bridged(happening.device)
            case DeviceGone():
                self._gone(happening)
            case PlaybackEnded(playback_id=played) if self.stage is Stage.PARTING and played == self._last_playback:
                self._part()
            case _:
                pass

    def _picked_up(self, device: str) -> None:
        if self.stage is not Stage.RINGING:
            return  # it crossed our cancelling
        self._kit.outbox.record(DeviceAnswered(device=device))
        self._rang_at = self._kit.now
        self.stage = Stage.PICKED_UP
        if self.wanted:
            self._bridge()

    def _bridged(self, device: str) -> None:
        if self.stage is not Stage.BRIDGING:
            return  # given up a moment ago
        since = max(self._wanted_at or 0, self._rang_at)
        self.stage = Stage.BRIDGED
        self._kit.outbox.record(CallBridged(device=device, latency_ms=ms(self._kit.now - since)))

    def _gone(self, gone: DeviceGone) -> None:
        if gone.device != self.device:
            return
        if self.stage is Stage.BRIDGED:
            self.stage = Stage.OVER
            self._kit.orders.give(EndCall(CallOutcome.BRIDGED, "the person hung up"))
        elif self.stage in (Stage.RINGING, Stage.PICKED_UP, Stage.BRIDGING):
            self._failed(gone.cause, gone.sip_code)

    def _failed(self, reason: str, sip_code: int = 0) -> None:
        self._tell_failed(reason, sip_code)
        if not self.wanted:
            self.stage = Stage.IDLE if self._attempts < self._kit.plan.limits.device_attempts else Stage.OVER
            return
        outcome = _BUSY if reason in _ENGAGED else _TIMEOUT
        last = self._attempts >= self._kit.plan.limits.device_attempts
        if outcome in self._reach.leads_off or (last and self._reach.goes_on):
            self._leave(outcome, reason)
        elif self._attempts < self._kit.plan.limits.device_attempts:
            self._enter(Stage.PAUSING)
            self._try_again()
        elif self.is_ordered and self._nobody_waits():
            self._enter(Stage.OVER)
            self._wanted_at = None
            self._kit.orders.give(WaitOn(f"nobody picked up the transfer that was ordered: {reason}"))
        else:
            self._reason = reason
            self._enter(Stage.PARTING)
            if not self._say(self._kit.settings.apology_text):
                self._part()

    def _leave(self, outcome: str, reason: str) -> None:
        self._enter(Stage.OVER)
        self._wanted_at = None
        self._kit.orders.give(LeaveTransfer(outcome, f"nobody picked up: {reason}"))

    def _try_again(self) -> None:
        if self._kit.now - self._rang_at >= samples(_RING_AGAIN_MS):
            self._ring(self.device)

    def _part(self) -> None:
        """The human has heard that nobody will come, or cannot be told."""
        self._enter(Stage.OVER)
        self._kit.orders.give(EndCall(CallOutcome.HUMAN_NOT_BRIDGED, f"nobody picked up: {self._reason}"))

    def give_up(self, reason: str) -> None:
        """The human turned out to be none."""
        if self.stage in (Stage.RINGING, Stage.PICKED_UP, Stage.PAUSING):
            self._kit.outbox.do(CancelDevice(device=self.device))
            self._tell_failed(reason)
            self.stage = Stage.IDLE
        self._wanted_at = None

    def tick(self) -> None:
        """Also keeps the human company, who must not be left in silence."""
        if self.stage is Stage.IDLE:
            return
        now, since_ms = self._kit.now, ms(self._kit.now - self._stage_at)
        match self.stage:
            case Stage.RINGING if now >= self._rings_until:
                self._give_up_ringing("no_answer")
            case Stage.BRIDGING if since_ms >= _BRIDGE_MS:
                self._give_up_ringing("it was picked up, but no sound came")
            case Stage.PAUSING:
                self._try_again()
            case Stage.PARTING if since_ms >= _LAST_WORDS_MS:
                self._part()
        if self.wanted and self.stage in (Stage.RINGING, Stage.PAUSING):
            self._keep_company(now)

    @property
    def _rings_until(self) -> int:
        """The time of a step runs from when somebody is to be bridged: a device may have rung before."""
        ring_s = self._reach.ring_s if self.wanted else None
        if ring_s is None:
            return self._stage_at + samples(self._kit.plan.limits.device_ring_s * 1000)
        return max(self._stage_at, self._wanted_at or 0) + samples(ring_s * 1000)

    @property
    def wake_at(self) -> int | None:
        over = None
        match self.stage:
            case Stage.IDLE:
                return None
            case Stage.RINGING:
                over = self._rings_until
            case Stage.BRIDGING:
                over = later(self._stage_at, _BRIDGE_MS)
            case Stage.PAUSING:
                over = later(self._rang_at, _RING_AGAIN_MS)
            case Stage.PARTING:
                over = later(self._stage_at, _LAST_WORDS_MS)
        return soonest(self._kit.now, over, *self._company_at())

    def _company_at(self) -> tuple[int | None, ...]:
        """When the waiting human may have to be told something."""
        if self._wanted_at is None or self.stage not in (Stage.RINGING, Stage.PAUSING):
            return ()
        said = None if self._said_at is None else later(self._said_at, _SAY_AGAIN_MS)
        return said, later(self._kit.hearing.quiet_since, _SAY_AFTER_MS), later(self._wanted_at, _SAY_AFTER_MS)

    def _give_up_ringing(self, reason: str) -> None:
        self._kit.outbox.do(CancelDevice(device=self.device))
        self._failed(reason)

    def _keep_company(self, now: int) -> None:
        quiet = self._kit.hearing.silence_ms(now) >= _SAY_AFTER_MS and now - (self._wanted_at or 0) >= samples(_SAY_AFTER_MS)
        due = self._said_at is None or now - self._said_at >= samples(_SAY_AGAIN_MS)
        if quiet and due:
            self._say(self._kit.settings.hold_the_line_text)

    @property
    def _last_playback(self) -> str:
        return f"transfer:{self._sayings}"

    def _say(self, text: str) -> bool:
        """Whether the call may speak."""
        if not self._kit.plan.may_speak:
            return False
        self._sayings += 1
        self._said_at = self._kit.now
        self._kit.outbox.do(Play(playback_id=self._last_playback, text=text))
        self._kit.outbox.record(AudioPlayed(what=f"text:{text}"))
        return True

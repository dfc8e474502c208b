"""The leg to the company: dialling, what is heard, what is sent, and how it ends."""

from __future__ import annotations

from collections.abc import Callable

from call_engine.core.effects import DtmfProfile, Press
from call_engine.core.happenings import Answered, DigitsDelivered, FarDigit, LineEnded, PlaybackEnded, Ringing
from call_engine.line.addresses import UnknownAddress, sip_uri
from call_engine.line.causes import cause_of
from call_engine.line.digits import TICK_MS, Delivered, DigitQueue, Tone
from call_engine.line.legs import Dtmf, Ended, HandedOver, Leg, LegNote, MediaChanged, PickedUp, Rang
from call_engine.line.messages import DialogOver, LineStats, News, PlaySamples
from call_engine.line.settings import SipSettings
from call_engine.line.sound import Ear, Keypad, Recording, connect

TICKS_PER_S = 1000 // TICK_MS
STATS_EVERY_TICKS = 5 * TICKS_PER_S
HANG_UP_S = 2  #: for the answer to our BYE or CANCEL; the stack itself waits for 32 s
NAME = "company"


class Company:
    """``tick`` turns the leg's notes into facts. ``picked_up`` and ``moved`` tell the switchboard of answers and new media."""

    def __init__(
        self,
        settings: SipSettings,
        new_leg: Callable[[], Leg],
        ear: Ear,
        keypad: Keypad,
        tell: Callable[[News], None],
        keep_dialog: Callable[[str, PickedUp], None],
    ) -> None:
        self._settings, self._new_leg, self._ear, self._keypad, self._tell = settings, new_leg, ear, keypad, tell
        self._keep_dialog = keep_dialog
        self.leg: Leg | None = None
        self.ended = False
        self.moved = False  #: its media changed since the switchboard last looked
        self._cause = ""
        self._digits = DigitQueue()
        self._sent_as = DtmfProfile.RFC4733
        self._recording: tuple[str, Recording, int] | None = None  #: id, sound, tick at which it is over
        self._dialled_at = self._answered_at = self._heard_at = self._ending_at = 0
        self._packets = 0
        self._rings = False
        self._told_ringing: bool | None = None

    def dial(self, target: str, now: int) -> None:
        if self.leg is not None or self.ended:
            return
        try:
            uri = sip_uri(self._settings, target)
        except UnknownAddress as error:
            return self._over(LineEnded(cause="unreachable", reason=str(error)))
        self._dialled_at = now
        self.leg = self._new_leg()
        self.leg.call(uri)

    def press(self, press: Press) -> None:
        self._digits.press(press)

    def play(self, command: PlaySamples, now: int) -> None:
        self.stop_playing()
        sink = self.leg.audio() if self.leg else None
        if sink is None or not command.pcm:
            return self._tell(PlaybackEnded(playback_id=command.playback_id, completed=False))
        recording = Recording(command.pcm)
        recording.play_to(sink)
        self._recording = (command.playback_id, recording, now + 1 + recording.ticks)

    def stop_playing(self, *, completed: bool = False) -> None:
        if self._recording is not None:
            playback_id, recording, _ = self._recording
            self._recording = None
            sink = self.leg.audio() if self.leg else None
            if sink is not None:
                recording.stop(sink)
            self._tell(PlaybackEnded(playback_id=playback_id, completed=completed))

    def end(self, now: int, cause: str = "hung_up") -> None:
        """Hang up. The cause given is the one that will be told."""
        if self.leg is None:
            return self._over(LineEnded(cause=cause))
        if not self._cause:
            self._cause, self._ending_at = cause, now
        self.leg.end()

    def tick(self, now: int) -> None:
        if self.leg is None or self.ended:
            return
        while self.leg.notes and not self.ended:
            self._read(self.leg.notes.popleft(), now)
        if self.ended:
            return
        self._tell_ringing()
        for item in self._digits.tick(now * TICK_MS):
            self._send(item)
        if self._recording is not None and now >= self._recording[2]:
            self.stop_playing(completed=True)
        self._watch(now)

    def _read(self, note: LegNote, now: int) -> None:
        assert self.leg is not None
        match note:
            case Rang():
                self._rings = True
            case PickedUp():
                self._answered_at = self._heard_at = now
                self._keep_dialog(NAME, note)
                self._tell(Answered(codec=self.leg.codec()))
            case MediaChanged():
                self._listen()
            case Dtmf(digit, method):
                self._tell(FarDigit(digit=digit, method=method))
            case HandedOver(code) if 200 <= code < 300:
                self.end(now)  # they talk without us; when refused, they go on talking through us
            case HandedOver():
                pass
            case Ended(code, reason):
                self._tell_ended(code, reason)

    def _tell_ringing(self) -> None:
        """Once, and once more when early media begins."""
        assert self.leg is not None
        if self.leg.answered or not self._rings:
            return
        early_media = self.leg.audio() is not None
        if self._told_ringing != early_media:
            self._told_ringing = early_media
            self._tell(Ringing(early_media=early_media))

    def _listen(self) -> None:
        """Media may be a new port after a re-INVITE: what was connected is gone with the old one."""
        source = self.leg.audio() if self.leg else None
        if source is not None:
            self._ear.open = True
            connect(source, self._ear)
            if self._recording is not None:
                self._recording[1].play_to(source)
        self.moved = True

    def _send(self, item: Tone | Delivered) -> None:
        if isinstance(item, Delivered):
            return self._tell(DigitsDelivered(digits=item.digits, profile=self._sent_as.value))
        assert self.leg is not None
        self._sent_as = self._possible(item.profile)
        if self._sent_as is DtmfProfile.INBAND:
            sink = self.leg.audio()
            if sink is not None:
                self._keypad.press(item.digit, item.on_ms, sink)
            return
        self.leg.send_digit(item.digit, item.on_ms, "sip_info" if self._sent_as is DtmfProfile.SIP_INFO else "rfc4733")

    def _possible(self, wanted: DtmfProfile) -> DtmfProfile:
        """What the other side and the settings allow; the fact about delivery names it."""
        assert self.leg is not None
        if wanted is DtmfProfile.SIP_INFO and self._settings.sip_info:
            return wanted
        if wanted is DtmfProfile.INBAND or not self.leg.takes_telephone_events():
            return DtmfProfile.INBAND
        return DtmfProfile.RFC4733 if wanted is DtmfProfile.SIP_INFO else wanted

    def _watch(self, now: int) -> None:
        assert self.leg is not None
        limit = self._settings
        if not self.leg.progressed and _over(limit.no_response_s, self._dialled_at, now):
            self.leg.end()
            return self._over(LineEnded(cause="unreachable", reason="nothing came back to the INVITE"))
        if self._cause and _over(HANG_UP_S, self._ending_at, now):
            return self._over(LineEnded(cause=self._cause, reason="the other side does not confirm"))
        if self.leg.answered and (now - self._answered_at) % TICKS_PER_S == 0:
            self._watch_rtp(now)

    def _watch_rtp(self, now: int) -> None:
        assert self.leg is not None
        counts = self.leg.rtp()
        if counts is None:
            return
        if counts.packets != self._packets:
            self._heard_at, self._packets = now, counts.packets
        patience_s = self._settings.audio_lost_s if self._packets else self._settings.no_audio_s
        if _over(patience_s, self._heard_at, now):
            self.end(now, "no_audio")
        if (now - self._answered_at) % STATS_EVERY_TICKS == 0:
            self._tell(LineStats(packets=counts.packets, lost=counts.lost, discarded=counts.discarded, jitter_us=counts.jitter_us))

    def _tell_ended(self, code: int, reason: str) -> None:
        assert self.leg is not None
        cause = self._cause or cause_of(code, answered=self.leg.answered, progressed=self.leg.progressed, by_us=self.leg.ended_by_us)
        self._over(LineEnded(cause=cause, sip_code=code, reason=reason))

    def _over(self, fact: LineEnded) -> None:
        if self.ended:
            return
        self.ended = True
        self._ear.open = False
        self.stop_playing()
        self._digits.clear()
        self._tell(DialogOver(leg=NAME))
        self._tell(fact)


def _over(limit_s: int, since: int, now: int) -> bool:
    return limit_s > 0 and now - since > limit_s * TICKS_PER_S

"""The leg to the company: dialling, what is heard, and how it ends."""

from __future__ import annotations

from collections.abc import Callable

import pjsua2 as pj

from call_engine.core.effects import Press
from call_engine.core.happenings import Answered, FarDigit, LineEnded, PlaybackEnded, Ringing
from call_engine.line.addresses import UnknownAddress, sip_uri
from call_engine.line.causes import cause_of
from call_engine.line.legs import Dtmf, Ended, HandedOver, Leg, LegNote, MediaChanged, PickedUp, Rang
from call_engine.line.messages import News, PlaySamples
from call_engine.line.rtp_watch import TICKS_PER_S, RtpWatch
from call_engine.line.settings import SipSettings
from call_engine.line.sound import Ear, Keypad, connect
from call_engine.line.uplink import Uplink

HANG_UP_S = 2  #: for the answer to our BYE or CANCEL; the stack itself waits for 32 s


class Company:
    """``tick`` turns the leg's notes into facts. ``moved``: its media changed since the switchboard last looked."""

    def __init__(
        self,
        settings: SipSettings,
        new_leg: Callable[[], Leg],
        ear: Ear,
        keypad: Keypad,
        tell: Callable[[News], None],
    ) -> None:
        self._settings, self._new_leg, self._ear = settings, new_leg, ear
        self._keypad = keypad
        self._tell = tell
        self.leg: Leg | None = None
        self._uplink: Uplink | None = None
        self._rtp: RtpWatch | None = None
        self.ended = self.moved = False
        self._cause = ""  #: why we hang up
        self._dialled_at = self._ending_at = 0
        self._rings = False
        self._told_ringing: bool | None = None

    @property
    def calm(self) -> bool:
        """Answered, and nothing is under way: the next tick may wait a little."""
        leg, uplink = self.leg, self._uplink
        return leg is not None and uplink is not None and leg.answered and not (leg.notes or self._cause or self.ended or uplink.busy)

    def dial(self, target: str, now: int) -> None:
        if self.leg is not None or self.ended:
            return
        try:
            uri = sip_uri(self._settings, target)
        except UnknownAddress as error:
            return self._over(LineEnded(cause="unreachable", reason=str(error)))
        self._dialled_at = now
        self.leg = leg = self._new_leg()
        self._uplink = Uplink(leg, self._keypad, self._tell, sip_info=self._settings.sip_info)
        self._rtp = RtpWatch(leg.rtp, self._tell, none_s=self._settings.no_audio_s, lost_s=self._settings.audio_lost_s)
        leg.call(uri)

    def press(self, press: Press) -> None:
        if self._uplink is not None:
            self._uplink.press(press)

    def play(self, command: PlaySamples, now: int, also: pj.AudioMedia | None = None) -> None:
        if self._uplink is not None and not self.ended:
            self._uplink.play(command, now, also)
        else:
            self._tell(PlaybackEnded(playback_id=command.playback_id, completed=False))

    def stop_playing(self) -> None:
        if self._uplink is not None:
            self._uplink.stop_playing()

    def end(self, now: int, cause: str = "hung_up") -> None:
        """Hang up. The cause given is the one that will be told."""
        if self.leg is None:
            return self._over(LineEnded(cause=cause))
        if not self._cause:
            self._cause, self._ending_at = cause, now
        self.leg.end()

    def tick(self, now: int) -> None:
        leg, uplink = self.leg, self._uplink
        if leg is None or uplink is None or self.ended:
            return
        while leg.notes and not self.ended:
            self._read(leg, leg.notes.popleft(), now)
        if not self.ended:
            self._tell_ringing(leg)
            uplink.tick(now)
            self._watch(leg, now)

    def _read(self, leg: Leg, note: LegNote, now: int) -> None:
        match note:
            case Rang():
                self._rings = True
            case PickedUp():
                self._tell(Answered(codec=leg.codec()))
            case MediaChanged():
                self._listen(leg)
            case Dtmf(digit, method):
                self._tell(FarDigit(digit=digit, method=method))
            case HandedOver(code) if 200 <= code < 300:
                self.end(now)  # they talk without us; when refused, they go on talking through us
            case HandedOver():
                pass
            case Ended(code, reason):
                cause = self._cause or cause_of(code, answered=leg.answered, progressed=leg.progressed, by_us=leg.ended_by_us)
                self._over(LineEnded(cause=cause, sip_code=code, reason=reason))

    def _tell_ringing(self, leg: Leg) -> None:
        """Once, and once more when early media begins."""
        if leg.answered or not self._rings:
            return
        early_media = leg.audio() is not None
        if self._told_ringing != early_media:
            self._told_ringing = early_media
            self._tell(Ringing(early_media=early_media))

    def _listen(self, leg: Leg) -> None:
        """Media may be a new port after a re-INVITE: what was connected is gone with the old one."""
        self.moved = True
        source = leg.audio()
        if source is not None:
            self._ear.open = True
            connect(source, self._ear)
            if self._uplink is not None:
                self._uplink.reconnect()

    def _watch(self, leg: Leg, now: int) -> None:
        if not leg.progressed and _elapsed(self._settings.no_response_s, self._dialled_at, now):
            leg.end()
            self._over(LineEnded(cause=self._cause or "unreachable", reason="nothing came back to the INVITE"))
        elif self._cause and _elapsed(HANG_UP_S, self._ending_at, now):
            self._over(LineEnded(cause=self._cause, reason="the other side does not confirm"))
        elif leg.answered and self._rtp is not None and self._rtp.tick(now):
            self.end(now, "no_audio")

    def _over(self, fact: LineEnded) -> None:
        if self.ended:
            return
        self.ended = True
        self._ear.open = False
        if self._uplink is not None:
            self._uplink.stop()
        if self.leg is not None:
            self.leg.give_up()
        self._tell(fact)


def _elapsed(limit_s: int, since: int, now: int) -> bool:
    return limit_s > 0 and now - since > limit_s * TICKS_PER_S

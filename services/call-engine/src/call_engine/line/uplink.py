"""What the line sends to the company: digits and recordings, both by the line's tick."""

from __future__ import annotations

from collections.abc import Callable

import pjsua2 as pj

from call_engine.core.effects import DtmfProfile, Press
from call_engine.core.happenings import DigitsDelivered, PlaybackEnded
from call_engine.line.digits import TICK_MS, Delivered, DigitQueue, Tone
from call_engine.line.legs import Leg
from call_engine.line.messages import News, PlaySamples
from call_engine.line.sound import Keypad, Mouth, connect, disconnect

FRAME_BYTES = 320
LATE_TICKS = 50  #: how much longer than its length a playback may take before it is given up


class Uplink:
    def __init__(self, leg: Leg, keypad: Keypad, tell: Callable[[News], None], *, sip_info: bool) -> None:
        self._leg, self._keypad, self._tell, self._sip_info = leg, keypad, tell, sip_info
        self._mouth: Mouth | None = None  #: made when first needed: the bridge beats it 50 times a second ever after
        self._digits = DigitQueue()
        self._sent_as = DtmfProfile.RFC4733
        self._playing: tuple[str, int] | None = None  #: id, tick at which it is given up
        self._also: pj.AudioMedia | None = None  #: who else hears what is playing

    @property
    def busy(self) -> bool:
        return self._playing is not None or bool(self._digits)

    def press(self, press: Press) -> None:
        self._digits.press(press)

    def play(self, command: PlaySamples, now: int, also: pj.AudioMedia | None = None) -> None:
        self.stop_playing()
        sink = self._leg.audio()
        if sink is None or not command.pcm:
            return self._tell(PlaybackEnded(playback_id=command.playback_id, completed=False))
        self._mouth = self._mouth or Mouth()
        self._mouth.begin(command.pcm)
        connect(self._mouth, sink)
        self._also = also
        if also is not None:
            connect(self._mouth, also)
        self._playing = (command.playback_id, now + len(command.pcm) // FRAME_BYTES + LATE_TICKS)

    def stop_playing(self) -> None:
        if self._playing is None or self._mouth is None:
            return
        completed = self._mouth.done
        playback_id, _ = self._playing
        self._playing = None
        self._mouth.stop()
        sink = self._leg.audio()
        if sink is not None:
            disconnect(self._mouth, sink)
        if self._also is not None:
            disconnect(self._mouth, self._also)
            self._also = None
        self._tell(PlaybackEnded(playback_id=playback_id, completed=completed))

    def reconnect(self) -> None:
        """The leg has new media: what is playing goes on there."""
        sink = self._leg.audio()
        if self._playing is not None and self._mouth is not None and sink is not None:
            connect(self._mouth, sink)

    def tick(self, now: int) -> None:
        for item in self._digits.tick(now * TICK_MS):
            self._send(item)
        if self._playing is not None and self._mouth is not None and (self._mouth.done or now >= self._playing[1]):
            self.stop_playing()

    def stop(self) -> None:
        self.stop_playing()
        self._digits.clear()

    def _send(self, item: Tone | Delivered) -> None:
        if isinstance(item, Delivered):
            return self._tell(DigitsDelivered(digits=item.digits, profile=self._sent_as.value))
        self._sent_as = self._possible(item.profile)
        if self._sent_as is not DtmfProfile.INBAND:
            method = "sip_info" if self._sent_as is DtmfProfile.SIP_INFO else "rfc4733"
            self._leg.send_digit(item.digit, item.on_ms, method)
        elif (sink := self._leg.audio()) is not None:
            self._keypad.press(item.digit, item.on_ms, sink)

    def _possible(self, wanted: DtmfProfile) -> DtmfProfile:
        """What the other side and the settings allow; the fact about delivery names it."""
        if wanted is DtmfProfile.SIP_INFO and self._sip_info:
            return wanted
        if wanted is DtmfProfile.INBAND or not self._leg.takes_telephone_events():
            return DtmfProfile.INBAND
        return DtmfProfile.RFC4733 if wanted is DtmfProfile.SIP_INFO else wanted

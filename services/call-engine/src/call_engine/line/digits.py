"""When each digit of a press goes out. Time is the line's frame clock, so the schedule is a pure function of ticks.

Durations: tone on and off per profile. An RFC 4733 event ends with three copies of its end packet, 20 ms apart, in the gap.
"""

from __future__ import annotations

from collections import deque

import msgspec

from call_engine.core.effects import DtmfProfile, Press

TICK_MS = 20
END_PACKETS_MS = 60
PAUSE_MS = {"w": 500, ",": 2000}
ON_OFF_MS = {
    DtmfProfile.RFC4733: (160, 120),
    DtmfProfile.RFC4733_SLOW: (250, 500),
    DtmfProfile.INBAND: (200, 120),
    DtmfProfile.SIP_INFO: (160, 120),
}


class Tone(msgspec.Struct, frozen=True):
    """Send this digit now."""

    digit: str
    profile: DtmfProfile
    on_ms: int
    off_ms: int


class Delivered(msgspec.Struct, frozen=True):
    """The last digit of a press has left the line."""

    digits: str
    profile: DtmfProfile


class Pause(msgspec.Struct, frozen=True):
    length_ms: int


class DigitQueue:
    """Presses in order, one digit at a time. ``tick`` says what to do now; ``at_ms`` never goes back."""

    def __init__(self) -> None:
        self._due: deque[Tone | Pause | Delivered] = deque()
        self._free_ms = 0  #: when the next tone may start
        self._quiet_ms = 0  #: when what was sent has wholly left

    def __len__(self) -> int:
        """How much is still to be done."""
        return len(self._due)

    def press(self, press: Press) -> None:
        on_ms, off_ms = ON_OFF_MS[press.profile]
        for symbol in press.digits.upper():
            pause_ms = PAUSE_MS.get(symbol.lower())
            self._due.append(Pause(pause_ms) if pause_ms else Tone(symbol, press.profile, on_ms, off_ms))
        self._due.append(Delivered(press.digits, press.profile))

    def tick(self, at_ms: int) -> list[Tone | Delivered]:
        now: list[Tone | Delivered] = []
        while self._due and at_ms >= self._start_ms(self._due[0]):
            item = self._due.popleft()
            if isinstance(item, Pause):
                self._free_ms = self._quiet_ms = max(self._free_ms, at_ms) + item.length_ms
                continue
            now.append(item)
            if isinstance(item, Tone):
                self._free_ms = at_ms + item.on_ms + item.off_ms
                self._quiet_ms = at_ms + item.on_ms + END_PACKETS_MS
        return now

    def clear(self) -> None:
        self._due.clear()

    def _start_ms(self, item: Tone | Pause | Delivered) -> int:
        match item:
            case Tone():
                return self._free_ms
            case Delivered():
                return self._quiet_ms
            case Pause():
                return 0

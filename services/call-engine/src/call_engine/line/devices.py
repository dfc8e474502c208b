"""The legs to a user's device. A device may have several addresses: they ring together and the first to pick up wins."""

from __future__ import annotations

from collections.abc import Callable

from call_engine.core.happenings import DeviceGone, DevicePickedUp, DeviceRang
from call_engine.line.addresses import UnknownAddress, device_uris
from call_engine.line.causes import cause_of
from call_engine.line.legs import Ended, Leg, LegNote, MediaChanged, PickedUp, Rang
from call_engine.line.messages import News
from call_engine.line.settings import SipSettings


class Device:
    """One device being rung, picked up or gone."""

    def __init__(
        self,
        name: str,
        settings: SipSettings,
        new_leg: Callable[[], Leg],
        tell: Callable[[News], None],
    ) -> None:
        self.name = name
        self.leg: Leg | None = None  #: the one that picked up
        self.gone = False
        self.moved = False
        self._tell = tell
        self._rang = False
        self.cancelled = False
        self._ringing: list[Leg] = []
        try:
            uris = device_uris(settings, name)
        except UnknownAddress:
            return self._over("unreachable", 404)
        for uri in uris:
            leg = new_leg()
            self._ringing.append(leg)
            leg.call(uri)

    def end(self) -> None:
        self.cancelled = True
        for leg in self._legs():
            leg.end()

    def leave_quietly(self) -> None:
        """It has been cancelled, and the same device is to ring anew: its end is no news."""
        self._tell = lambda _news: None

    def tick(self) -> None:
        for leg in self._legs():
            while leg.notes and not self.gone:
                self._read(leg, leg.notes.popleft())

    def _legs(self) -> list[Leg]:
        return [self.leg, *self._ringing] if self.leg else list(self._ringing)

    def _read(self, leg: Leg, note: LegNote) -> None:
        match note:
            case Rang() if not self._rang:
                self._rang = True
                self._tell(DeviceRang(device=self.name))
            case PickedUp():
                self._picked_up(leg)
            case MediaChanged():
                self.moved = True
            case Ended(code):
                self._ended(leg, code)
            case _:
                pass

    def _picked_up(self, leg: Leg) -> None:
        if self.leg is not None or self.cancelled:
            return leg.end()
        self.leg = leg
        self._ringing.remove(leg)
        for other in self._ringing:
            other.end()
        self._tell(DevicePickedUp(device=self.name))

    def _ended(self, leg: Leg, code: int) -> None:
        if leg in self._ringing:
            self._ringing.remove(leg)
        if leg is self.leg or (self.leg is None and not self._ringing):
            cause = cause_of(code, answered=leg.answered, progressed=leg.progressed, by_us=leg.ended_by_us)
            self._over(cause, code)

    def _over(self, cause: str, code: int) -> None:
        self.gone = True
        self._tell(DeviceGone(device=self.name, cause=cause, sip_code=code))

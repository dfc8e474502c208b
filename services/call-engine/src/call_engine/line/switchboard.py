"""One line: the company's leg, the devices' legs and who hears whom. Commands in, news out, a tick every turn of the loop."""

from __future__ import annotations

from collections.abc import Callable

from call_engine.core.effects import Bridge, CancelDevice, HangUp, Press, RingDevice, StopPlaying
from call_engine.core.happenings import LegsBridged
from call_engine.line.company import Company
from call_engine.line.devices import Device
from call_engine.line.legs import Leg
from call_engine.line.messages import Command, Configure, Dial, Leave, News, PlaySamples
from call_engine.line.settings import SipSettings
from call_engine.line.sound import Ear, Keypad, connect


class Switchboard:
    def __init__(self, settings: SipSettings, new_leg: Callable[[], Leg], ear: Ear, keypad: Keypad, news: list[News]) -> None:
        self._settings, self._new_leg = settings, new_leg
        self.news = news
        self._company = Company(settings, new_leg, ear, keypad, self.news.append)
        self._devices: dict[str, Device] = {}
        self._wanted = ""  #: the device to be bridged
        self._bridged = ""  #: the device that is
        self.orphaned = False

    def obey(self, command: Command, now: int) -> None:
        match command:
            case Dial(target=target):
                self._company.dial(target, now)
            case PlaySamples():
                self._company.play(command, now)
            case StopPlaying():
                self._company.stop_playing()
            case Press():
                self._company.press(command)
            case RingDevice(device=name):
                self._ring(name)
            case CancelDevice(device=name):
                if name in self._devices:
                    self._devices[name].end()
            case Bridge(device=name):
                self._wanted = name
                self._connect()
            case HangUp() | Leave():
                self.hang_up(now)
            case Configure():
                pass

    @property
    def calm(self) -> bool:
        """One answered leg on which nothing is under way: a tick now and then will do, unless something is ``noted``."""
        return self._company.calm and not self._devices

    @property
    def noted(self) -> bool:
        leg = self._company.leg
        return leg is not None and bool(leg.notes)

    def tick(self, now: int) -> None:
        self._company.tick(now)
        for device in list(self._devices.values()):
            device.tick()
            if device.gone:
                self._lose(device, now)
        moved = self._company.moved or any(device.moved for device in self._devices.values())
        if moved and self._wanted:
            self._connect()
        self._company.moved = False
        if self._company.ended:
            for device in self._devices.values():
                device.end()

    def hang_up(self, now: int) -> None:
        for device in self._devices.values():
            device.end()
        self._company.end(now)

    def orphan(self, now: int) -> None:
        """The engine is gone: two people in conversation stay so, everything else is hung up."""
        self.orphaned = True
        if not self._bridged:
            self.hang_up(now)

    @property
    def over(self) -> bool:
        """No leg is up and none will be."""
        leg = self._company.leg
        return self._company.ended and (leg is None or leg.ended) and not self._devices

    def _ring(self, name: str) -> None:
        if name not in self._devices and not self._company.ended:
            self._devices[name] = Device(name, self._settings, self._new_leg, self.news.append)

    def _connect(self) -> None:
        """Both ways. The company stays connected to the ear, too."""
        device = self._devices.get(self._wanted)
        here = self._company.leg.audio() if self._company.leg else None
        there = device.leg.audio() if device and device.leg else None
        if device is None or here is None or there is None:
            return
        device.moved = False
        self._company.stop_playing()
        if connect(here, there) and connect(there, here) and not self._bridged:
            self._bridged = device.name
            self.news.append(LegsBridged(device=device.name))
            if self._settings.refer_transfers and self._company.leg and device.leg:
                self._company.leg.hand_over_to(device.leg)

    def _lose(self, device: Device, now: int) -> None:
        del self._devices[device.name]
        if device.name == self._bridged:
            self._bridged = self._wanted = ""
            if self.orphaned:
                self._company.end(now)

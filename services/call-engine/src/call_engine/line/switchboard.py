"""One line: the company's leg, the devices' legs and who hears whom. Commands in, news out, a tick every turn of the loop."""

from __future__ import annotations

import os
from collections.abc import Callable

import pjsua2 as pj

from call_engine.core.effects import Bridge, CancelDevice, HangUp, Press, RecordConversation, RingDevice, StopPlaying
from call_engine.core.happenings import DeviceGone, LegsBridged, RecordingBegan
from call_engine.line.company import Company
from call_engine.line.conversation_recorder import ConversationRecorder
from call_engine.line.devices import Device
from call_engine.line.legs import Leg
from call_engine.line.messages import Command, Configure, Dial, Leave, News, Ping, PlaySamples, Pong
from call_engine.line.rtp_watch import TICKS_PER_S
from call_engine.line.settings import SipSettings
from call_engine.line.sound import Ear, Keypad, connect

FILE_CLOSES_TICKS = 10  #: PJSIP takes a recorder out of the bridge, and closes its file, in the audio clock's own time


class Switchboard:
    def __init__(self, settings: SipSettings, new_leg: Callable[[], Leg], ear: Ear, keypad: Keypad, news: list[News]) -> None:
        self._settings, self._new_leg = settings, new_leg
        self.news = news
        self._company = Company(settings, new_leg, ear, keypad, self.news.append)
        self._devices: dict[str, Device] = {}
        self._ring_again: set[str] = set()  #: devices to ring once their last leg is gone: PJSIP has few legs
        self._wanted = ""  #: the device to be bridged
        self._stays = False
        self._bridged = ""  #: the device that is
        self._recorder: ConversationRecorder | None = None
        self._file_closes = 0  #: ticks until a recording that has ended is on the disk
        self.orphaned = False
        self._dialled_at = self._look_at = 0

    def obey(self, command: Command, now: int) -> None:
        match command:
            case Dial(target=target):
                self._dialled_at = now
                self._company.dial(target, now)
            case PlaySamples():
                self._company.play(command, now, self._device_audio(self._bridged) if command.both else None)
            case StopPlaying():
                self._company.stop_playing()
            case Press():
                self._company.press(command)
            case RingDevice(device=name):
                self._ring(name)
            case CancelDevice(device=name):
                self._cancel(name)
            case Bridge(device=name, stay=stay):
                self._wanted, self._stays = name, stay
                self._connect()
            case RecordConversation(path=path):
                self._record(path)
            case HangUp() | Leave():
                self.hang_up(now)
            case Ping():
                self.news.append(Pong())
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
        self._file_closes = max(0, self._file_closes - 1)
        self._company.tick(now)
        for device in list(self._devices.values()):
            device.tick()
            if device.gone:
                self._lose(device, now)
        moved = self._company.moved or any(device.moved for device in self._devices.values())
        if moved and self._wanted:
            self._connect()
        self._company.moved = False
        if self.orphaned and now >= self._look_at:
            self._look_at = now + TICKS_PER_S // 2
            if self._may_not_go_on(now):
                self.hang_up(now)
        if self._company.ended:
            self._stop_recording()
            for device in self._devices.values():
                device.end()

    def hang_up(self, now: int) -> None:
        self._ring_again.clear()
        for device in self._devices.values():
            device.end()
        self._company.end(now)

    def orphan(self, now: int) -> None:
        """The engine is gone: two people in conversation stay so, everything else is hung up."""
        self.orphaned = True
        if not self._bridged:
            self.hang_up(now)

    def _may_not_go_on(self, now: int) -> bool:
        """What the engine would have seen to."""
        limit_s, switch = self._settings.call_max_s, self._settings.kill_switch_file
        return (0 < limit_s <= (now - self._dialled_at) // TICKS_PER_S) or (bool(switch) and os.path.exists(switch))

    @property
    def over(self) -> bool:
        """No leg is up and none will be."""
        leg = self._company.leg
        return self._company.ended and (leg is None or leg.ended) and not self._devices and not self._file_closes

    def _ring(self, name: str) -> None:
        if self._company.ended:
            return
        known = self._devices.get(name)
        if known is None:
            self._devices[name] = Device(name, self._settings, self._new_leg, self.news.append)
        elif known.cancelled:
            known.leave_quietly()
            self._ring_again.add(name)

    def _cancel(self, name: str) -> None:
        device = self._devices.get(name)
        if name in self._ring_again:
            self._ring_again.discard(name)
            self.news.append(DeviceGone(device=name, cause="hung_up", sip_code=0))
        elif device is not None:
            device.end()

    def _connect(self) -> None:
        """Both ways. The company stays connected to the ear, too."""
        device = self._devices.get(self._wanted)
        here, there = self._company_audio(), self._device_audio(self._wanted)
        if device is None or here is None or there is None:
            return
        device.moved = False
        if self._recorder is not None:
            self._recorder.hear(here, there)
        self._company.stop_playing()
        if connect(here, there) and connect(there, here) and not self._bridged:
            self._bridged = device.name
            self.news.append(LegsBridged(device=device.name))
            if self._settings.refer_transfers and not self._stays and self._company.leg and device.leg:
                self._company.leg.hand_over_to(device.leg)

    def _company_audio(self) -> pj.AudioMedia | None:
        return self._company.leg.audio() if self._company.leg else None

    def _device_audio(self, name: str) -> pj.AudioMedia | None:
        device = self._devices.get(name)
        return device.leg.audio() if device and device.leg else None

    def _record(self, path: str) -> None:
        here, there = self._company_audio(), self._device_audio(self._bridged)
        if self._recorder is not None:
            return
        if here is None or there is None:
            self.news.append(RecordingBegan(failure="there is no conversation to record"))
            return
        self._recorder = ConversationRecorder()
        self.news.append(self._recorder.begin(path, here, there))

    def _stop_recording(self) -> None:
        if self._recorder is not None:
            self._recorder.end()
            self._recorder, self._file_closes = None, FILE_CLOSES_TICKS

    def _lose(self, device: Device, now: int) -> None:
        del self._devices[device.name]
        if device.name == self._bridged:
            self._stop_recording()
            self._bridged = self._wanted = ""
            if self.orphaned:
                self._company.end(now)
        if device.name in self._ring_again:
            self._ring_again.discard(device.name)
            self._ring(device.name)

"""The user's phone: answers, records what it hears, perhaps says something, hangs up when the other side does."""

from __future__ import annotations

import wave
from collections import deque
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pjsua2 as pj

from ivr_sim.address import Address
from ivr_sim.channel import FRAME_SAMPLES, Samples, dbm0_of
from ivr_sim.sip import Endpoint, SoundPort, answer, connect_sound, hang_up, tell
from ivr_sim.voice import Voices

SILENCE = np.zeros(FRAME_SAMPLES, np.int16)


class DeviceSettings(msgspec.Struct, frozen=True, kw_only=True):
    address: Address
    record: Path | None = None  #: the first call's file; later calls get -2, -3 … before the suffix
    answer_after_s: float = 1.0
    answer_code: int = 200
    never_answer: bool = False
    say: str = ""
    say_after_s: float = 1.5
    voice: str = "rms"
    calls: int | None = None
    hang_up_after_s: float | None = None


class Handset:
    """Sound of one call: what is heard is kept, what is to be said is played once."""

    def __init__(self, said: Samples) -> None:
        padded = np.concatenate([said, np.zeros(-len(said) % FRAME_SAMPLES, np.int16)])
        self._to_say = deque(padded.reshape(-1, FRAME_SAMPLES))
        self._heard: list[Samples] = []

    def hear(self, frame: Samples) -> None:
        self._heard.append(frame)

    def next_frame(self) -> Samples:
        return self._to_say.popleft() if self._to_say else SILENCE

    def recording(self) -> Samples:
        return np.concatenate([SILENCE[:0], *self._heard])


def write_wav(path: Path, samples: Samples) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(samples.tobytes())


class DeviceCall(pj.Call):  # type: ignore[misc]
    def __init__(self, account: Any, call_id: int, number: int, said: Samples) -> None:
        super().__init__(account, call_id)
        self.number = number
        self.handset = Handset(said)
        self.port = SoundPort(self.handset)
        self.gone = False

    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802 (PJSIP's names)
        connect_sound(self, self.port)

    def onCallState(self, prm: Any) -> None:  # noqa: N802
        if self.getInfo().state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.gone = True


class Account(pj.Account):  # type: ignore[misc]
    def __init__(self, device: Device) -> None:
        super().__init__()
        self._device = device

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        self._device.take(self, prm.callId)


class Device:
    """Runs until it is stopped, or has had its number of calls."""

    def __init__(self, settings: DeviceSettings) -> None:
        self._settings = settings
        self._said = SILENCE[:0]
        if settings.say:
            self._said = np.concatenate([np.zeros(int(settings.say_after_s * 8000), np.int16), Voices().say(settings.voice, settings.say)])
        self.endpoint = Endpoint(settings.address)
        self._account = Account(self)
        self._account.create(self.endpoint.account_config("device"))
        self._calls: list[DeviceCall] = []
        self._taken = 0
        self._ended = 0

    def serve(self) -> None:
        address = self.endpoint.address
        tell("ready", device=True, sip=f"{address.host}:{address.port}", port=address.port)
        self.endpoint.serve(self._round)
        for call in list(self._calls):
            self._forget(call)

    def take(self, account: Account, call_id: int) -> None:
        self._taken += 1
        settings = self._settings
        call = DeviceCall(account, call_id, self._taken, self._said)
        self._calls.append(call)
        tell("ringing", call=call.number, caller=call.getInfo().remoteUri)
        answer(call, 180)
        if settings.never_answer:
            return
        self.endpoint.after(settings.answer_after_s, lambda: self._answer(call))
        if settings.hang_up_after_s is not None:
            self.endpoint.after(settings.answer_after_s + settings.hang_up_after_s, lambda: hang_up(call))

    def _answer(self, call: DeviceCall) -> None:
        if not call.gone:
            answer(call, self._settings.answer_code)
            tell("answered" if self._settings.answer_code == 200 else "refused", call=call.number, code=self._settings.answer_code)

    def _round(self) -> None:
        for call in [call for call in self._calls if call.gone]:
            self._forget(call)
            if self._settings.calls is not None and self._ended >= self._settings.calls:
                self.endpoint.stop()

    def _forget(self, call: DeviceCall) -> None:
        self._calls.remove(call)
        self._ended += 1
        heard = call.handset.recording()
        path = self._file_of(call.number)
        if path is not None:
            write_wav(path, heard)
        tell("bye", call=call.number, heard_s=len(heard) / 8000, level_dbm0=round(dbm0_of(heard), 1), file=str(path or ""))

    def _file_of(self, number: int) -> Path | None:
        path = self._settings.record
        return path if path is None or number == 1 else path.with_stem(f"{path.stem}-{number}")

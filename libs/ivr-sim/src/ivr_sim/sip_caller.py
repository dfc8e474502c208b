"""A caller that follows a timetable: dials, presses keys at given seconds, records what it hears. For trying out companies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pjsua2 as pj

from ivr_sim.address import Address, CannotCall
from ivr_sim.sip import Endpoint, SoundPort, connect_sound, hang_up, tell
from ivr_sim.sip_device import SILENCE, Handset, write_wav


class CallerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``presses``: (seconds after the answer, digits)."""

    address: Address
    target: str
    presses: tuple[tuple[float, str], ...] = ()
    for_s: float = 30.0
    record: Path | None = None


class OutgoingCall(pj.Call):  # type: ignore[misc]
    def __init__(self, account: Any, handset: Handset) -> None:
        super().__init__(account)
        self._port = SoundPort(handset)
        self.answered = False
        self.gone = False
        self.last_code = 0

    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802 (PJSIP's names)
        connect_sound(self, self._port)

    def onCallState(self, prm: Any) -> None:  # noqa: N802
        info = self.getInfo()
        self.last_code = info.lastStatusCode
        self.answered = self.answered or info.state == pj.PJSIP_INV_STATE_CONFIRMED
        self.gone = info.state == pj.PJSIP_INV_STATE_DISCONNECTED


def make_call(settings: CallerSettings) -> None:
    """Dial, follow the timetable, hang up; tell it in JSON lines."""
    endpoint = Endpoint(settings.address)
    account = pj.Account()
    account.create(endpoint.account_config("caller"))
    handset = Handset(np.zeros(0, np.int16))
    call = OutgoingCall(account, handset)
    planned = False

    def each_round() -> None:
        nonlocal planned
        if call.answered and not planned:
            planned = True
            tell("answered")
            for at_s, digits in settings.presses:
                endpoint.after(at_s, lambda digits=digits: _press(call, digits))  # type: ignore[misc]
            endpoint.after(settings.for_s, lambda: hang_up(call))
        if call.gone:
            endpoint.stop()

    try:
        call.makeCall(settings.target, pj.CallOpParam(True))
    except pj.Error as error:
        raise CannotCall(f"cannot call {settings.target}: {error.reason}") from error
    endpoint.serve(each_round)
    heard = handset.recording()
    if settings.record is not None:
        write_wav(settings.record, heard if len(heard) else SILENCE)
    tell("bye", heard_s=len(heard) / 8000, code=call.last_code)


def _press(call: OutgoingCall, digits: str) -> None:
    if not call.gone:
        call.dialDtmf(digits)
        tell("pressed", digits=digits)

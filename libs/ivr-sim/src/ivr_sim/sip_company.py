"""A simulated company at a SIP address. Every caller meets a machine of their own; what happens is told in JSON lines."""

from __future__ import annotations

from collections import deque
from typing import Any

import msgspec
import pjsua2 as pj

from ivr_sim.address import Address
from ivr_sim.channel import Channel, ChannelKind, Samples
from ivr_sim.conversation import Conversation
from ivr_sim.machine import Machine
from ivr_sim.playout import Playout
from ivr_sim.script import Script, phrases
from ivr_sim.sip import Endpoint, SoundPort, answer, connect_sound, hang_up, tell
from ivr_sim.voice import Voices


class CompanySettings(msgspec.Struct, frozen=True, kw_only=True):
    script: Script
    address: Address
    seed: int = 0
    calls: int | None = None  #: stop after this many; None: go on
    hold_s: float | None = None
    closed: bool = False
    channel: ChannelKind = ChannelKind()


class IncomingCall(pj.Call):  # type: ignore[misc]
    """One caller."""

    def __init__(self, company: Company, account: Any, call_id: int, number: int) -> None:
        super().__init__(account, call_id)
        self.number = number
        settings = company.settings
        self.conversation = Conversation(
            Machine(settings.script, hold_s=settings.hold_s, closed=settings.closed),
            Playout(company.voices, seed=settings.seed + number),
            Channel(settings.channel, seed=settings.seed + number),
        )
        self.port = SoundPort(self)
        self._digits: deque[str] = deque()
        self.gone = False
        self.last_code = 0

    def hear(self, frame: Samples) -> None:
        self.conversation.hear(frame)

    def next_frame(self) -> Samples:
        """The media thread alone walks the conversation; digits come to it through a queue."""
        while self._digits:
            self.conversation.press(self._digits.popleft())
        return self.conversation.next_frame()

    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802 (PJSIP's names)
        connect_sound(self, self.port)

    def onDtmfDigit(self, prm: Any) -> None:  # noqa: N802
        self._digits.append(str(prm.digit))

    def onCallState(self, prm: Any) -> None:  # noqa: N802
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.last_code = info.lastStatusCode
            self.gone = True


class Account(pj.Account):  # type: ignore[misc]
    def __init__(self, company: Company) -> None:
        super().__init__()
        self._company = company

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        self._company.take(self, prm.callId)


class Company:
    """Runs until it is stopped, or has had its number of calls."""

    def __init__(self, settings: CompanySettings) -> None:
        self.settings = settings
        self.voices = Voices()
        for voice, text in phrases(settings.script):  # all of it before the first call, so that no frame waits for a synthesiser
            self.voices.say(voice, text)
        self.endpoint = Endpoint(settings.address)
        self._account = Account(self)
        self._account.create(self.endpoint.account_config("company"))
        self._calls: list[IncomingCall] = []
        self._taken = 0
        self._ended = 0

    def serve(self) -> None:
        address = self.endpoint.address
        tell("ready", company=self.settings.script.name, sip=f"{address.host}:{address.port}", port=address.port)
        self.endpoint.serve(self._round)
        for call in self._calls:
            self._tell_notes(call)

    def take(self, account: Account, call_id: int) -> None:
        self._taken += 1
        call = IncomingCall(self, account, call_id, self._taken)
        self._calls.append(call)
        answering = self.settings.script.answering
        tell("call", call=call.number, caller=call.getInfo().remoteUri)
        answer(call, 180)
        if not answering.never:
            self.endpoint.after(answering.after_s, lambda: None if call.gone else answer(call, answering.code))

    def _round(self) -> None:
        for call in list(self._calls):
            self._tell_notes(call)
            if call.gone:
                self._forget(call)
            elif call.conversation.hung_up is not None:
                hang_up(call)

    def _forget(self, call: IncomingCall) -> None:
        by = "company" if call.conversation.hung_up is not None else "caller"
        tell("bye", call=call.number, at_s=call.conversation.at_sample / 8000, by=by, code=call.last_code)
        self._calls.remove(call)
        self._ended += 1
        if self.settings.calls is not None and self._ended >= self.settings.calls:
            self.endpoint.stop()

    def _tell_notes(self, call: IncomingCall) -> None:
        for timed in call.conversation.take_notes():
            if timed.note.what != "bye":
                tell(timed.note.what, call=call.number, at_s=round(timed.at_sample / 8000, 3), **timed.note.detail)

"""The loop of the process that holds the trunk's registration. It has one contact and takes no calls."""

# ruff: noqa: N802 - the callbacks have the names PJSIP gives them
from __future__ import annotations

import pjsua2 as pj

from call_engine.line.endpoint import SipEndpoint
from call_engine.line.link import Link
from call_engine.line.messages import Leave, Ping, Pong, Registration
from call_engine.line.settings import SipSettings

PUMP_MS = 50
GOODBYE_TURNS = 20  #: up to a second for the answer to un-REGISTER


class RegisteringAccount(pj.Account):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.news: list[Registration] = []

    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        info = self.getInfo()
        self.news.append(Registration(active=info.regIsActive, code=prm.code, reason=prm.reason, expires_s=max(int(prm.expiration), 0)))

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        refusal = pj.CallOpParam()
        refusal.statusCode = pj.PJSIP_SC_TEMPORARILY_UNAVAILABLE
        self._refused = pj.Call(self, prm.callId)
        self._refused.hangup(refusal)


def open_account(settings: SipSettings) -> tuple[SipEndpoint, RegisteringAccount]:
    """Raises SipUnavailable."""
    account = RegisteringAccount()
    return SipEndpoint(settings, account=account, register=True), account


def keep_registered(endpoint: SipEndpoint, account: RegisteringAccount, link: Link) -> None:
    """Until the engine says Leave or is gone; then the contact is taken back."""
    while not link.closed:
        commands = link.receive()
        if any(isinstance(command, Leave) for command in commands):
            break
        link.send(Pong() for command in commands if isinstance(command, Ping))
        endpoint.pump(PUMP_MS)
        link.send(account.news)
        account.news.clear()
    try:
        account.setRegistration(False)
    except pj.Error:
        return  # it never was registered
    for _ in range(GOODBYE_TURNS):
        endpoint.pump(PUMP_MS)
        if any(not news.active for news in account.news):
            return

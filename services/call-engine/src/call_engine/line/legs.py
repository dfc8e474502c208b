"""One leg: a SIP call to the company or to a device. It only notes what happened; the switchboard reads the notes later.

Nothing is decided inside PJSIP's callbacks: destroying or re-routing a call from within one of them is undefined.
"""

# ruff: noqa: N802 - the callbacks have the names PJSIP gives them
from __future__ import annotations

from collections import deque

import msgspec
import pjsua2 as pj

from call_engine.line.dialogs import Dialogs
from call_engine.line.messages import LineStats

PJSUA_DTMF = {"rfc4733": pj.PJSUA_DTMF_METHOD_RFC2833, "sip_info": pj.PJSUA_DTMF_METHOD_SIP_INFO}


class Rang(msgspec.Struct, frozen=True):
    pass


class PickedUp(msgspec.Struct, frozen=True):
    pass


class Ended(msgspec.Struct, frozen=True):
    code: int
    reason: str


class MediaChanged(msgspec.Struct, frozen=True):
    pass


class Dtmf(msgspec.Struct, frozen=True):
    digit: str
    method: str


class HandedOver(msgspec.Struct, frozen=True):
    """The other side's final word on our REFER."""

    code: int


LegNote = Rang | PickedUp | Ended | MediaChanged | Dtmf | HandedOver


class Leg(pj.Call):  # type: ignore[misc]
    """Keep a reference as long as PJSIP knows the call."""

    def __init__(self, account: pj.Account, name: str, dialogs: Dialogs) -> None:
        super().__init__(account)
        self.name, self._dialogs = name, dialogs
        self._uri = ""
        self.notes: deque[LegNote] = deque()
        self.progressed = False
        self.answered = False
        self.ended = False
        self.ended_by_us = False

    def call(self, uri: str) -> None:
        self._uri = uri
        parameters = pj.CallOpParam(True)
        parameters.opt.audioCount, parameters.opt.videoCount = 1, 0
        try:
            self.makeCall(uri, parameters)
        except pj.Error as error:
            self._end(503, error.reason)

    def end(self) -> None:
        if self.ended or self.ended_by_us:
            return
        self.ended_by_us = True
        try:
            self.hangup(pj.CallOpParam())
        except pj.Error:
            self._end(0, "")

    def give_up(self) -> None:
        """What could be done to end it has been done; nobody else need try."""
        self._dialogs.over(self.name)

    def audio(self) -> pj.AudioMedia | None:
        """The leg's port in the bridge while its audio is active."""
        if self.ended:
            return None
        try:
            info = self.getInfo()
            for index in range(len(info.media)):
                media = info.media[index]
                if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status in (
                    pj.PJSUA_CALL_MEDIA_ACTIVE,
                    pj.PJSUA_CALL_MEDIA_REMOTE_HOLD,
                ):
                    return self.getAudioMedia(index)
        except pj.Error:
            pass
        return None

    def codec(self) -> str:
        try:
            stream = self.getStreamInfo(0)
        except pj.Error:
            return ""
        return str(stream.codecName)

    def takes_telephone_events(self) -> bool:
        try:
            stream = self.getStreamInfo(0)
        except pj.Error:
            return False
        return int(stream.audTxEventPt) > 0

    def send_digit(self, digit: str, on_ms: int, method: str) -> bool:
        """False when it cannot be sent now, as while the other side has stopped the media."""
        parameters = pj.CallSendDtmfParam()
        parameters.digits, parameters.duration, parameters.method = digit, on_ms, PJSUA_DTMF[method]
        try:
            self.sendDtmf(parameters)
        except pj.Error:
            return False
        return True

    def hand_over_to(self, other: Leg) -> None:
        """Ask this side to call the other leg's far side in its place (REFER with Replaces, RFC 3891). It may refuse."""
        try:
            self.xferReplaces(other, pj.CallOpParam())
        except pj.Error as error:
            self.notes.append(HandedOver(error.status))

    def rtp(self) -> LineStats | None:
        try:
            statistics = self.getStreamStat(0)
        except pj.Error:
            return None
        received = statistics.rtcp.rxStat
        return LineStats(packets=received.pkt, lost=received.loss, discarded=received.discard, jitter_us=received.jitterUsec.mean)

    # --- called by PJSIP ---

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY:
            self.progressed = True
            self._dialogs.ringing(self.name, self._uri, *_received(prm))
            self.notes.append(Rang())
        elif info.state == pj.PJSIP_INV_STATE_CONNECTING:
            self._dialogs.answered(self.name, *_received(prm))
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.progressed = self.answered = True
            self.notes.append(PickedUp())
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._end(info.lastStatusCode, info.lastReason)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        self.notes.append(MediaChanged())

    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:
        if not self.progressed and prm.e.body.tsxState.tsx.statusCode >= 100 and prm.e.body.tsxState.type == pj.PJSIP_EVENT_RX_MSG:
            self.progressed = True

    def onDtmfDigit(self, prm: pj.OnDtmfDigitParam) -> None:
        method = "sip_info" if prm.method == pj.PJSUA_DTMF_METHOD_SIP_INFO else "rfc4733"
        self.notes.append(Dtmf(prm.digit, method))

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:
        if prm.finalNotify or prm.statusCode >= 200:
            self.notes.append(HandedOver(prm.statusCode))
            prm.cont = False

    def onCallTransferRequest(self, prm: pj.OnCallTransferRequestParam) -> None:
        """Where a line calls is decided by the engine's guards alone, never by the other side."""
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def onCallReplaceRequest(self, prm: pj.OnCallReplaceRequestParam) -> None:
        prm.statusCode = pj.PJSIP_SC_DECLINE

    def onCallRedirected(self, prm: pj.OnCallRedirectedParam) -> int:
        return int(pj.PJSIP_REDIRECT_REJECT)

    def _end(self, code: int, reason: str) -> None:
        if not self.ended:
            self.ended = True
            self._dialogs.over(self.name)
            self.notes.append(Ended(code, reason))


def _received(prm: pj.OnCallStateParam) -> tuple[str, str]:
    """The response behind a change of state, and the host:port it came from."""
    message = prm.e.body.tsxState.src.rdata
    return message.wholeMsg, message.srcAddress

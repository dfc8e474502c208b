"""A SIP far end for line tests, in a process of its own: ``python -m tests.support.sip_far_end BEHAVIOUR``.

Prints JSON lines: ``{"ready": "sip:…"}``, then ``{"digit", "method"}``, ``{"heard_hz", "peak"}`` (ten times a second while sound is heard),
``{"state": "incoming"|"answered"|"ended"}``. Commands, one a line on standard input: ``digit D``, ``info D``,
``inband DIGITS``, ``refer URI``, ``bye``, ``hold``, ``resume``, ``quit``, ``die``.
"""

# ruff: noqa: N802 - the callbacks have the names PJSIP gives them
from __future__ import annotations

import argparse
import json
import os
import select
import sys

import numpy as np
import pjsua2 as pj

DTMF_IS_END = 2
CODES = {"busy": 486, "decline": 603, "not_found": 404, "unavailable": 480, "overloaded": 503}


_OUT = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # PJSIP logs to standard output before it can be told not to


def tell(**fact: object) -> None:
    print(json.dumps(fact), file=_OUT, flush=True)


class HearingPort(pj.AudioMediaPort):
    """Says which frequency is loudest, over 100 ms."""

    def __init__(self) -> None:
        super().__init__()
        self._samples: list[np.ndarray] = []
        shape = pj.MediaFormatAudio()
        shape.type, shape.clockRate, shape.channelCount, shape.bitsPerSample, shape.frameTimeUsec = 1, 8000, 1, 16, 20_000
        self.createPort("hearing", shape)

    def onFrameReceived(self, frame):
        if frame.size != 320:
            return
        self._samples.append(np.frombuffer(bytes(frame.buf), dtype=np.int16))
        if len(self._samples) == 5:
            heard = np.concatenate(self._samples).astype(float)
            self._samples.clear()
            if np.abs(heard).max() > 300:
                spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
                tell(heard_hz=int(np.argmax(spectrum)) * 10, peak=int(np.abs(heard).max()))


class FarCall(pj.Call):
    def __init__(self, far_end, call_id):
        super().__init__(far_end.account, call_id)
        self._far_end = far_end

    def onCallState(self, prm):
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            tell(state="answered")
        if info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            tell(state="ended", code=info.lastStatusCode)
            if self._far_end.call is self:
                self._far_end.call = None

    def onCallMediaState(self, prm):
        info = self.getInfo()
        if info.media[0].status in (pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD):
            media = self.getAudioMedia(0)
            media.startTransmit(self._far_end.hearing)
            if self._far_end.tone_hz:
                self._far_end.tone.startTransmit(media)

    def onCallTransferRequest(self, prm):
        if self._far_end.refuses_refer:
            prm.statusCode = pj.PJSIP_SC_DECLINE
            return
        self._far_end.call = prm.newCall = FarCall(self._far_end, pj.PJSUA_INVALID_ID)
        self._far_end.past_calls.append(self)

    def onCallReplaceRequest(self, prm):
        self._far_end.call = prm.newCall = FarCall(self._far_end, pj.PJSUA_INVALID_ID)
        self._far_end.past_calls.append(self)

    def onCallTransferStatus(self, prm):
        tell(refer=prm.statusCode)

    def onDtmfEvent(self, prm):
        if prm.flags & DTMF_IS_END or prm.method == pj.PJSUA_DTMF_METHOD_SIP_INFO:
            tell(digit=prm.digit, method="info" if prm.method == pj.PJSUA_DTMF_METHOD_SIP_INFO else "rfc4733", ms=prm.duration)


class FarAccount(pj.Account):
    far_end = None

    def onIncomingCall(self, prm):
        self.far_end.incoming(prm.callId)


class FarEnd:
    def __init__(self, options):
        self._options = options
        self.tone_hz, self.refuses_refer = options.tone_hz, options.no_refer
        self.call = None
        self.past_calls = []  # PJSIP still knows them
        self._answer_in = None
        self._endpoint = pj.Endpoint()
        self._endpoint.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
        config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
        config.medConfig.noVad, config.medConfig.ecTailLen = True, 0
        config.logConfig.level = config.logConfig.consoleLevel = options.log_level
        self._endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.boundAddress = "127.0.0.1"
        kind = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}[options.transport]
        if options.transport == "tls":
            transport.tlsConfig.certFile, transport.tlsConfig.privKeyFile = options.certificate, options.key
        self._transport_id = self._endpoint.transportCreate(kind, transport)
        self._endpoint.libStart()
        self._endpoint.audDevManager().setNullDev()
        self.hearing = HearingPort()
        self.tone = pj.ToneGenerator()
        self.tone.createToneGenerator(8000)
        if options.tone_hz:
            tone = pj.ToneDesc()
            tone.freq1, tone.freq2, tone.on_msec, tone.off_msec, tone.volume = options.tone_hz, 0, 1000, 0, 8000
            self.tone.play(pj.ToneDescVector([tone]), True)
        account = pj.AccountConfig()
        account.idUri = "sip:far@127.0.0.1"
        account.sipConfig.transportId = self._transport_id
        account.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
        account.mediaConfig.transportConfig.port = 0
        account.mediaConfig.useLoopMedTp = options.no_rtp
        if options.srtp:
            account.mediaConfig.srtpUse, account.mediaConfig.srtpSecureSignaling = pj.PJMEDIA_SRTP_MANDATORY, 0
        self.account = FarAccount()
        self.account.far_end = self
        self.account.create(account)

    def run(self):
        where = self._endpoint.transportGetInfo(self._transport_id).localName
        tell(ready=f"sip:far@{where}")
        turns = 0
        while True:
            self._endpoint.libHandleEvents(10)
            turns += 1
            if self._answer_in is not None and self.call:
                self._answer_in -= 1
                if self._answer_in == 0:
                    self._respond(200)
            if select.select([sys.stdin], [], [], 0)[0] and not self._obey(sys.stdin.readline()):
                os._exit(0)

    def incoming(self, call_id):
        tell(state="incoming")
        if self._options.behaviour == "mute":
            self._ignored = FarCall(self, call_id)
            return
        self.call = FarCall(self, call_id)
        if self._options.behaviour in CODES:
            self._respond(CODES[self._options.behaviour])
        elif self._options.behaviour == "early":
            self._respond(183)
            self._answer_in = 50
        else:
            self._respond(180)
            if self._options.behaviour == "answer":
                self._answer_in = 3

    def _respond(self, code):
        parameters = pj.CallOpParam()
        parameters.statusCode = code
        self.call.answer(parameters)

    def _obey(self, line):
        words = line.split()
        if not words or words[0] == "quit":
            self._endpoint.hangupAllCalls()
            return False
        if self.call and words[0] == "digit":
            self.call.dialDtmf(words[1])
        if self.call and words[0] == "bye":
            self.call.hangup(pj.CallOpParam())
        if self.call and words[0] == "info":
            parameters = pj.CallSendDtmfParam()
            parameters.digits, parameters.method = words[1], pj.PJSUA_DTMF_METHOD_SIP_INFO
            self.call.sendDtmf(parameters)
        if self.call and words[0] == "inband":
            self._keypad = pj.ToneGenerator()
            self._keypad.createToneGenerator(8000)
            self._keypad.startTransmit(self.call.getAudioMedia(0))
            digits = [pj.ToneDigit() for _ in words[1]]
            for tone, digit in zip(digits, words[1], strict=True):
                tone.digit, tone.on_msec, tone.off_msec, tone.volume = digit, 120, 120, 0
            self._keypad.playDigits(pj.ToneDigitVector(digits), False)
        if self.call and words[0] == "refer":
            self.call.xfer(words[1], pj.CallOpParam())
        if self.call and words[0] == "die":
            os._exit(1)
        if self.call and words[0] == "hold":
            self.call.setHold(pj.CallOpParam())
        if self.call and words[0] == "resume":
            parameters = pj.CallOpParam(True)
            parameters.opt.flag = pj.PJSUA_CALL_UNHOLD
            self.call.reinvite(parameters)
        return True


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A SIP far end for tests.")
    parser.add_argument("behaviour", choices=["answer", "ring", "early", "mute", *CODES])
    parser.add_argument("--tone-hz", type=int, default=0)
    parser.add_argument("--transport", default="udp")
    parser.add_argument("--certificate", default="")
    parser.add_argument("--key", default="")
    parser.add_argument("--no-refer", action="store_true")
    parser.add_argument("--no-rtp", action="store_true", help="answer with an address nobody sends from")
    parser.add_argument("--srtp", action="store_true")
    parser.add_argument("--log-level", type=int, default=0)
    FarEnd(parser.parse_args()).run()

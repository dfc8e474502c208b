"""PJSIP for simulated parties: one endpoint a process on the null sound device, and a port that trades 20 ms frames.

PJSIP calls ``SoundPort`` from its own media thread; everything else must be done from the thread that opened the endpoint.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
import pjsua2 as pj

from ivr_sim.address import Address, CannotCall
from ivr_sim.channel import FRAME_SAMPLES, Samples

FRAME_BYTES = 2 * FRAME_SAMPLES
#: pjsua2-python is built with PJSUA_MAX_CALLS = 4.
CALLS_AT_ONCE_MAX = 4


class Party(Protocol):
    """Who is at the end of a call's sound. Both are called by the media thread, ``next_frame`` first."""

    def hear(self, frame: Samples) -> None: ...

    def next_frame(self) -> Samples: ...


class SoundPort(pj.AudioMediaPort):  # type: ignore[misc]
    """Hands the frames of one call to a party."""

    def __init__(self, party: Party) -> None:
        super().__init__()
        self._party = party
        form = pj.MediaFormatAudio()
        form.type, form.clockRate, form.channelCount = pj.PJMEDIA_TYPE_AUDIO, 8000, 1
        form.bitsPerSample, form.frameTimeUsec = 16, 20_000
        self.createPort("party", form)

    def onFrameRequested(self, frame: Any) -> None:  # noqa: N802 (PJSIP's name)
        frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
        frame.buf.resize(FRAME_BYTES)
        ctypes.memmove(_begin(frame.buf), self._party.next_frame().tobytes(), FRAME_BYTES)
        frame.size = FRAME_BYTES

    def onFrameReceived(self, frame: Any) -> None:  # noqa: N802
        if frame.size >= FRAME_BYTES and frame.type == pj.PJMEDIA_FRAME_TYPE_AUDIO:
            self._party.hear(np.frombuffer(ctypes.string_at(_begin(frame.buf), FRAME_BYTES), np.int16))
        else:
            self._party.hear(np.zeros(FRAME_SAMPLES, np.int16))


def _begin(buffer: Any) -> int:
    """Address of the bytes of a std::vector: its first pointer. Going through SWIG byte by byte costs ten times as much."""
    return int(ctypes.cast(int(buffer.this), ctypes.POINTER(ctypes.c_void_p))[0] or 0)


class Endpoint:
    """The process's PJSIP. ``serve`` handles its events until ``stop``, SIGTERM or SIGINT."""

    def __init__(self, address: Address) -> None:
        self.pj = pj.Endpoint()
        with _standard_output_unheard():  # PJSIP writes its first lines before it can be told not to
            self.pj.libCreate()
            self.pj.libInit(_config())
        transport = pj.TransportConfig()
        transport.port, transport.boundAddress = address.port, address.host
        try:
            transport_id = self.pj.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        except pj.Error as error:
            raise CannotCall(f"cannot listen on {address.host}:{address.port}: {error.reason}") from error
        self.pj.audDevManager().setNullDev()
        self.pj.libStart()
        for codec in ("PCMU/8000/1", "PCMA/8000/1"):
            self.pj.codecSetPriority(codec, 200)
        info = self.pj.transportGetInfo(transport_id)
        self.address = Address(address.host, int(str(info.localName).rsplit(":", 1)[-1]), address.rtp_ports)
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._stopping = False

    def account_config(self, user: str) -> Any:
        config = pj.AccountConfig()
        config.idUri = f"sip:{user}@{self.address.host}:{self.address.port}"
        media = config.mediaConfig.transportConfig
        media.boundAddress = self.address.host
        if self.address.rtp_ports:
            low, high = self.address.rtp_ports
            media.port, media.portRange = low, high - low
        return config

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Have something done by ``serve``, in its thread."""
        self._due.append((time.monotonic() + seconds, do))

    def stop(self) -> None:
        self._stopping = True

    def serve(self, each_round: Callable[[], None] = lambda: None) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        while not self._stopping:
            self.pj.libHandleEvents(10)
            each_round()
            now = time.monotonic()
            due = [do for at, do in self._due if at <= now]
            self._due = [entry for entry in self._due if entry[0] > now]
            for do in due:
                do()
        self._hang_up_all()

    def _hang_up_all(self) -> None:
        self.pj.hangupAllCalls()
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            self.pj.libHandleEvents(10)


@contextlib.contextmanager
def _standard_output_unheard() -> Iterator[None]:
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _config() -> Any:
    config = pj.EpConfig()
    config.logConfig.level = config.logConfig.consoleLevel = 0
    config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
    config.uaConfig.maxCalls = CALLS_AT_ONCE_MAX
    config.uaConfig.userAgent = "ivr-sim"
    media = config.medConfig
    media.clockRate = media.sndClockRate = 8000
    media.noVad, media.ecTailLen = True, 0
    return config


def connect_sound(call: Any, port: SoundPort) -> None:
    """Join the call's audio and the port in the conference bridge; call it when the call's media has changed."""
    info = call.getInfo()  # owns the vector that is walked: must stay alive
    for index in range(len(info.media)):
        media = info.media[index]
        if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
            audio = call.getAudioMedia(index)
            audio.startTransmit(port)
            port.startTransmit(audio)


def answer(call: Any, code: int) -> None:
    """Answers, unless the caller has given up meanwhile: that he is gone, PJSIP tells by itself."""
    order = pj.CallOpParam(True)
    order.statusCode = code
    with contextlib.suppress(pj.Error):
        call.answer(order)


def hang_up(call: Any) -> None:
    """Ends the call if there is still one."""
    if call.isActive():
        call.hangup(pj.CallOpParam(True))


def tell(event: str, **detail: object) -> None:
    """One JSON line on standard output."""
    sys.stdout.write(json.dumps({"event": event, **detail}) + "\n")
    sys.stdout.flush()

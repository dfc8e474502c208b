"""What a line process does, whether started by itself (``python -m call_engine.line``) or forked (``nursery``).

It lives for one call. When its socket closes the engine has died: see ``Switchboard.orphan``.
"""

from __future__ import annotations

import ctypes
import gc
import os
import socket
import sys
import traceback

from call_engine.line.dialogs import Dialogs
from call_engine.line.endpoint import SipEndpoint, SipUnavailable
from call_engine.line.legs import Leg
from call_engine.line.link import Link
from call_engine.line.messages import Configure, Leave, News, Ready
from call_engine.line.registering import keep_registered, open_account
from call_engine.line.ring import RingWriter
from call_engine.line.settings import SipSettings
from call_engine.line.sound import Ear, Keypad
from call_engine.line.switchboard import Switchboard

PUMP_MS = 20  #: the longest a command waits; RTP wakes the loop sooner
CALM_PUMP_MS = 40  #: while nothing is under way RTP wakes the loop every 20 ms, and an earlier end would only wake it twice
CALM_TICKS = 5  #: how often a line looks around then
FAREWELL_TICKS = 75  #: 1.5 s for BYE and its answer


def take_calls(descriptor: int, ring: int) -> None:
    """The whole life of the process; ends it."""
    link = Link(socket.socket(fileno=descriptor))
    configure = link.first()
    if not isinstance(configure, Configure):
        sys.exit("the first message must be Configure")
    if configure.settings.log_level:
        os.dup2(2, 1)  # PJSIP logs to standard output, which is closed otherwise
    run = hold_registration if configure.register else take_one_call
    try:
        run(configure.settings, link, ring)
    except SipUnavailable as error:
        failure = str(error)
    link.send([Ready(pid=os.getpid(), failure=failure)])
    _leave()


def hold_registration(settings: SipSettings, link: Link, _ring: int) -> None:
    endpoint, account = open_account(settings)
    link.send([Ready(pid=os.getpid(), local_address=endpoint.local_address)])
    try:
        keep_registered(endpoint, account, link)
    finally:
        _leave()


def take_one_call(settings: SipSettings, link: Link, ring: int) -> None:
    endpoint = SipEndpoint(settings)
    frames = RingWriter(ring)
    ear = Ear(frames)
    news: list[News] = []
    dialogs = Dialogs(settings, endpoint.local_address, news.append)
    legs: list[Leg] = []  # PJSIP knows them until the process ends, so they live as long

    def new_leg() -> Leg:
        legs.append(Leg(endpoint.account, f"leg {len(legs)}", dialogs))
        return legs[-1]

    board = Switchboard(settings, new_leg, ear, Keypad(), news)
    give_back_memory()
    link.send([Ready(pid=os.getpid(), local_address=endpoint.local_address, codecs=endpoint.codecs, ciphers=endpoint.ciphers)])
    try:
        serve(endpoint, ear, frames, board, link)
    finally:  # also when a defect of ours ends the loop: the far sides get their BYE
        endpoint.hang_up_all()
        endpoint.pump(PUMP_MS)
        _leave()


def serve(endpoint: SipEndpoint, ear: Ear, frames: RingWriter, board: Switchboard, link: Link) -> None:
    """Until the engine lets go of the line, or is gone and nobody talks."""
    leave_at = calls = 0
    calm_until = -1
    while True:
        endpoint.pump(CALM_PUMP_MS if calm_until >= 0 else PUMP_MS)
        now = ear.ticks
        # Python is most of a line's cost where many lines share the processor's caches: most turns end here.
        if now < calm_until and frames.calls == calls and not board.noted:
            continue
        calls = frames.calls
        for command in link.receive():
            board.obey(command, now)
            if isinstance(command, Leave):
                leave_at = now + FAREWELL_TICKS
        if link.closed and not board.orphaned:
            board.orphan(now)
        board.tick(now)
        link.send(board.news)
        board.news.clear()
        if board.over and (leave_at or link.closed):
            return endpoint.pump(PUMP_MS)
        if leave_at and now > leave_at:
            return
        calm_until = now + CALM_TICKS if board.calm else -1


def give_back_memory() -> None:
    """What importing took and no longer needs, up to half of the process, goes back to the kernel (glibc only)."""
    gc.collect()
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _leave() -> None:
    """End at once, before Python destroys PJSIP's objects in an order that makes it abort; the kernel frees everything."""
    failed = sys.exc_info()[0] is not None
    if failed:
        traceback.print_exc()
    os._exit(1 if failed else 0)

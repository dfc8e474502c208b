"""sipp as a company for many calls at once, and as a caller of it: both with RTP from a recording."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
from ivr_sim.voice import Voices
from line_audio import generate
from line_audio.g711 import encode_mu_law
from numpy.typing import NDArray

from tests.support.sipp import expect, free_port, listening

ANNOUNCEMENT = "All of our representatives are busy helping other customers. Please stay on the line."
MUSIC_S = 20
CHORD_HZ = ((262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294))
DOCUMENT = '<?xml version="1.0" encoding="ISO-8859-1" ?><!DOCTYPE scenario SYSTEM "sipp.dtd">'
STREAM = '<nop><action><exec rtp_stream="queue.ulaw,-1,0,PCMU/8000"/></action></nop>\n'
SDP = (
    "v=0\no=sipp 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\nm=audio [rtpstream_audio_port] RTP/AVP 0 101\n"
    "a=rtpmap:0 PCMU/8000\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n"
)
KEPT = "[last_Via:]\n[last_From:]\n[last_To:]{tag}\n[last_Call-ID:]\n[last_CSeq:]\n"
OUR_TAG = ";tag=[pid]t[call_number]"


def _message(lines: str, body: str = "") -> str:
    kind = "Content-Type: application/sdp\n" if body else ""
    return f"<![CDATA[\n{lines}{kind}Content-Length: [len]\n\n{body}\n]]>"


def company() -> str:
    """Answers, streams the queue, and takes the BYE."""
    answer = _message(f"SIP/2.0 200 OK\n{KEPT.format(tag=OUR_TAG)}Contact: <sip:[local_ip]:[local_port]>\n", SDP)
    return (
        f'<recv request="INVITE"></recv>\n<send retrans="500">{answer}</send>\n<recv request="ACK"></recv>\n{STREAM}'
        f'<recv request="BYE"></recv>\n<send>{_message("SIP/2.0 200 OK" + chr(10) + KEPT.format(tag=""))}</send>\n'
    )


def caller(seconds: float) -> str:
    """Places a call, streams for a while, and hangs up."""
    invite = _message(_request("INVITE", 1, "<sip:company@[remote_ip]:[remote_port]>"), SDP)
    to = "[peer_tag_param]"
    ack = _message(_request("ACK", 1, f"<sip:company@[remote_ip]:[remote_port]>{to}"))
    bye = _message(_request("BYE", 2, f"<sip:company@[remote_ip]:[remote_port]>{to}"))
    return (
        f'<send retrans="500">{invite}</send>\n{expect(200)}<send>{ack}</send>\n{STREAM}'
        f'<pause milliseconds="{round(seconds * 1000)}"/>\n<send retrans="500">{bye}</send>\n{expect(200)}'
    )


def _request(method: str, cseq: int, to: str) -> str:
    own = "<sip:caller@[local_ip]:[local_port]>"
    return (
        f"{method} sip:company@[remote_ip]:[remote_port] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\n"
        f"From: {own};tag=[pid]c[call_number]\nTo: {to}\nCall-ID: [call_id]\nCSeq: {cseq} {method}\nContact: {own}\nMax-Forwards: 70\n"
    )


def queue_sound() -> NDArray[np.int16]:
    """An announcement, then music: what a queue plays, over and over."""
    said = np.asarray(Voices().say("rms", ANNOUNCEMENT)).astype(np.int16)
    chords = [generate.sines(CHORD_HZ[bar % len(CHORD_HZ)], 2.0, -24.0) for bar in range(MUSIC_S // 2)]
    return np.concatenate([said, generate.to_pcm(np.concatenate(chords))])


@contextlib.asynccontextmanager
async def sipp_process(program: str, folder: Path, name: str, steps: str, *options: str) -> AsyncIterator[tuple[int, int]]:
    """Gives its pid and SIP port; it is killed when left."""
    (folder / "queue.ulaw").write_bytes(encode_mu_law(queue_sound()).astype(np.uint8).tobytes())
    scenario = folder / f"{name}.xml"
    scenario.write_text(f'{DOCUMENT}<scenario name="{name}">{steps}</scenario>')
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        program, "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(port), "-mi", "127.0.0.1", "-nostdin",
        *options, cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await listening(port)
    try:
        yield process.pid, port
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()

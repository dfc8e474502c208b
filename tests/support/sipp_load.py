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
ANSWER = (
    "[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]t[call_number]\n[last_Call-ID:]\n[last_CSeq:]\nContact: <sip:[local_ip]:[local_port]>\n"
)
COMPANY = (
    '<recv request="INVITE"></recv>\n'
    f"<send retrans=\"500\"><![CDATA[\nSIP/2.0 200 OK\n{ANSWER}Content-Type: application/sdp\nContent-Length: [len]\n\n{SDP}\n]]></send>\n"
    f'<recv request="ACK"></recv>\n{STREAM}<recv request="BYE"></recv>\n'
    "<send><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\nContent-Length: 0\n\n]]></send>\n"
)  # fmt: skip


def caller(seconds: float) -> str:
    def request(method: str, cseq: int, to: str, body: str = "") -> str:
        kind = "Content-Type: application/sdp\n" if body else ""
        return (
            f"<![CDATA[\n{method} sip:company@[remote_ip]:[remote_port] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];"
            f"branch=[branch]\nFrom: <sip:caller@[local_ip]:[local_port]>;tag=[pid]c[call_number]\n{to}\nCall-ID: [call_id]\n"
            f"CSeq: {cseq} {method}\nContact: <sip:caller@[local_ip]:[local_port]>\nMax-Forwards: 70\n{kind}Content-Length: [len]\n\n{body}\n]]>"
        )

    first = "To: <sip:company@[remote_ip]:[remote_port]>"
    return (
        f'<send retrans="500">{request("INVITE", 1, first, SDP)}</send>\n{expect(200)}<send>{request("ACK", 1, "[last_To:]")}</send>\n'
        f'{STREAM}<pause milliseconds="{round(seconds * 1000)}"/>\n<send retrans="500">{request("BYE", 2, "[last_To:]")}</send>\n{expect(200)}'
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

"""baresip as the user's device: answers by itself, sends a sine and records what it hears."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.support.sipp import free_port, listening

CONFIG = """
sip_listen 127.0.0.1:{port}
net_interface 127.0.0.1
audio_source ausine,{frequency_hz}
audio_player aubridge,unheard
ausrc_srate 48000
auplay_srate 8000
ausrc_channels 2
auplay_channels 1
snd_path {folder}
module_path /usr/lib/baresip/modules
module g711.so
module ausine.so
module aubridge.so
module sndfile.so
module srtp.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
"""


class Phone:
    def __init__(self, uri: str, folder: Path) -> None:
        self.uri = uri
        self._folder = folder

    def heard(self) -> NDArray[np.int16]:
        """What the phone's ear got, 8 kHz; complete once the phone is off."""
        (recording,) = self._folder.glob("dump-*-dec.wav")
        with wave.open(str(recording)) as file:
            return np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)


@asynccontextmanager
async def baresip(program: str, folder: Path, frequency_hz: int, *, answers: bool = True, encrypts: bool = False) -> AsyncIterator[Phone]:
    """``answers``: by itself, else it rings; ``encrypts``: takes no media but SRTP."""
    port = free_port()
    write_config(folder, port, frequency_hz, answers=answers, encrypts=encrypts)
    process = await asyncio.create_subprocess_exec(
        program, "-f", str(folder), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await listening(port)
        yield Phone(f"sip:me@127.0.0.1:{port}", folder)
    finally:
        process.terminate()
        await process.wait()


def write_config(folder: Path, port: int, frequency_hz: int, *, answers: bool, encrypts: bool) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "config").write_text(CONFIG.format(port=port, frequency_hz=frequency_hz, folder=folder))
    mode, media = "auto" if answers else "manual", ";mediaenc=srtp-mand" if encrypts else ""
    (folder / "accounts").write_text(f"<sip:me@127.0.0.1>;regint=0;answermode={mode}{media}\n")
    (folder / "contacts").write_text("")

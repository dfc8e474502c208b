"""How the company hears its caller: loud enough for a moment is speech, a pair of DTMF tones in two frames is a digit.

Deliberately simpler than the engine's ear and written apart from it, so that the two cannot share an error.
"""

from __future__ import annotations

import numpy as np

from ivr_sim.channel import FRAME_SAMPLES, Samples, dbm0_of
from ivr_sim.happenings import Digit, SpeechEnded, SpeechStarted

ROWS_HZ = (697, 770, 852, 941)
COLUMNS_HZ = (1209, 1336, 1477, 1633)
KEYS = "123A456B789C*0#D"
#: ITU-T Q.24 wants 40 ms: two frames.
DIGIT_FRAMES = 2
TONE_SHARE_MIN = 0.7  #: of the frame's energy in the two tones
SPEECH_DBM0 = -38.0
SPEECH_FRAMES = 5
QUIET_FRAMES = 35  #: 0.7 s

_TIME = np.arange(FRAME_SAMPLES) / 8000
_PROBES = np.exp(-2j * np.pi * np.outer(ROWS_HZ + COLUMNS_HZ, _TIME))

Heard = Digit | SpeechStarted | SpeechEnded


class CallerEar:
    """``feed`` frames of 20 ms; gives what they amount to."""

    def __init__(self) -> None:
        self._key = ""
        self._key_frames = 0
        self._loud_frames = 0
        self._quiet_frames = 0
        self._speaking = False

    def feed(self, frame: Samples) -> list[Heard]:
        """``frame``: int16[160]."""
        loud = dbm0_of(frame) > SPEECH_DBM0
        key = _key_in(frame) if loud else ""
        heard = self._digit(key)
        return [*heard, *self._speech(loud and not key)]

    def _digit(self, key: str) -> list[Heard]:
        self._key_frames = self._key_frames + 1 if key and key == self._key else int(bool(key))
        self._key = key
        return [Digit(key, "inband")] if self._key_frames == DIGIT_FRAMES else []

    def _speech(self, loud: bool) -> list[Heard]:
        self._loud_frames = self._loud_frames + 1 if loud else 0
        self._quiet_frames = 0 if loud else self._quiet_frames + 1
        if not self._speaking and self._loud_frames >= SPEECH_FRAMES:
            self._speaking = True
            return [SpeechStarted()]
        if self._speaking and self._quiet_frames >= QUIET_FRAMES:
            self._speaking = False
            return [SpeechEnded()]
        return []


def _key_in(frame: Samples) -> str:
    energy = float(np.sum(frame.astype(np.float64) ** 2))
    powers = np.abs(_PROBES @ frame) ** 2 * 2 / FRAME_SAMPLES
    row, column = int(np.argmax(powers[:4])), int(np.argmax(powers[4:]))
    in_tones = powers[row] + powers[4 + column]
    balanced = 0.05 < powers[row] / max(powers[4 + column], 1.0) < 20
    return KEYS[4 * row + column] if balanced and in_tones > TONE_SHARE_MIN * energy else ""

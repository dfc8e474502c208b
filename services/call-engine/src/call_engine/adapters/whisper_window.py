"""whisper's encoder over what was said instead of over 30 s.

The model is trained on windows of 30 s and its library pads every utterance to one, so that a word of half a second costs as much as
half a minute. The encoder's positions begin at the start of the window, so a shorter one is the same to it, as long as some silence
follows the last word: without any, decoding runs on and repeats itself (half of all words were then wrong; `make bench-hearing` has
the error rate with it).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

FRAMES_S = 100  #: of the log-mel spectrogram
WINDOW_FRAMES_MAX = 30 * FRAMES_S
WINDOW_FRAMES_MIN = 5 * FRAMES_S
SILENCE_FRAMES = 2 * FRAMES_S  #: behind what was said
STEP_FRAMES = FRAMES_S // 2


def window_frames(features: NDArray[np.float32]) -> int:
    """How many frames of float32[mels, frames] to encode: those up to the last that is not padding, and silence."""
    said = np.flatnonzero(np.any(features != 0, axis=0))
    wanted = (int(said[-1]) + 1 if said.size else 0) + SILENCE_FRAMES
    stepped = -(-wanted // STEP_FRAMES) * STEP_FRAMES
    return min(max(stepped, WINDOW_FRAMES_MIN), WINDOW_FRAMES_MAX)


class ShortWindowModel(WhisperModel):  # type: ignore[misc]  # it has no types
    """A WhisperModel for one utterance at a time."""

    def encode(self, features: NDArray[np.float32]) -> Any:
        return super().encode(np.ascontiguousarray(features[:, : window_frames(features)]))

"""Did the user's device really hear the agent? The recording is searched for the agent's own sound, second by second."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from ivr_sim.script import Agent, load
from ivr_sim.voice import Voices
from numpy.typing import NDArray
from scipy.signal import correlate

SAMPLE_RATE_HZ = 8000
WINDOW_SAMPLES = SAMPLE_RATE_HZ // 2
#: Normalised correlation of half a second of speech with itself after G.711 is above 0.95, with other speech below 0.35.
ALIKE = 0.7
#: Share of a line's half seconds that must be found. Less than all, since the line may have begun before the bridge.
SHARE = 0.5

Samples = NDArray[np.float64]


def read(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        if file.getframerate() != SAMPLE_RATE_HZ or file.getnchannels() != 1:
            raise ValueError(f"{path}: expected 8 kHz mono")
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float64)


def best_match(recording: Samples, window: Samples) -> float:
    """The highest normalised cross-correlation of the window anywhere in the recording, 0 to 1."""
    energy = np.convolve(recording**2, np.ones(len(window)), "valid")
    products = correlate(recording, window, "valid", method="fft")
    scale = np.sqrt(np.maximum(energy, 1e4 * len(window)) * np.sum(window**2))
    return float(np.max(products / scale))


def contains(recording: Samples, line: Samples) -> bool:
    """Whether at least half of the line's audible half seconds are in the recording."""
    windows = [line[at : at + WINDOW_SAMPLES] for at in range(0, len(line) - WINDOW_SAMPLES, WINDOW_SAMPLES)]
    audible = [window for window in windows if np.sqrt(np.mean(window**2)) > 200]
    if not audible or len(recording) < WINDOW_SAMPLES:
        return False
    found = sum(best_match(recording, window) > ALIKE for window in audible)
    return found >= SHARE * len(audible)


def agent_lines_heard(recording: Path, script_name: str) -> list[str]:
    """What of the script's agents' words is in the recording."""
    script, voices, heard = load(script_name), Voices(), read(recording)
    said = []
    for node in script.nodes.values():
        if not isinstance(node, Agent):
            continue
        for text in [*node.opening, *node.replies, *node.nudges, node.goodbye]:
            if text and contains(heard, voices.say(node.voice or script.voice, text).astype(np.float64)):
                said.append(text)
    return said

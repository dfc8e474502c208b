"""The small committed set of real audio (see ``tests/data/audio/README.md``)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from line_audio import g711
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[1] / "data" / "audio"


def clip(name: str) -> NDArray[np.int16]:
    """8 kHz mono samples of ``<name>.ul``."""
    return g711.decode_mu_law(np.frombuffer((FOLDER / f"{name}.ul").read_bytes(), np.uint8))

"""Kernel of the frequency bank: how much of each frame is at the frequencies of digits and of call-progress tones.

Four blocks are projected at once, whichever lines or frames they are of: each vector of the bank is then read once for all four. What
comes of a block does not depend on the others.
"""

from __future__ import annotations

import numpy as np

from line_audio._kernels_goertzel import project_tile
from line_audio._kernels_jit import kernel, lean_inner_kernel

FRAME = 160
HALF_FRAME = 80
TILE = 4  #: blocks projected at once
GROUP = 16  #: projections of one group of vectors

#: columns of a frame's measures: its mean square, the windowed energies of its 20 ms and of the last 40 ms, projections of both
F_POWER, F_DIGIT_ENERGY, F_TONE_ENERGY, F_DIGITS = range(4)
F_TONES = F_DIGITS + GROUP


@lean_inner_kernel
def fold_frame(before, after, weights, energies, tone_even, tone_odd, digit_even, digit_odd, q):  # type: ignore[no-untyped-def]
    """Fold the last 40 ms, and of these the last 20, about their middles into row ``q``. ``after`` is the latest frame backwards.

    ``weights``, float32[240]: half the squared windows, of 40 ms and of 20. ``energies``, float32[3]: mean square, windowed energies.
    """
    total = np.float32(0.0)
    for i in range(FRAME):
        e, o = before[i] + after[i], before[i] - after[i]
        tone_even[q, i], tone_odd[q, i] = e, o
        total += weights[i] * (e * e + o * o)
    energies[F_TONE_ENERGY] = total
    total = power = np.float32(0.0)
    for i in range(HALF_FRAME):
        a, b = after[FRAME - 1 - i], after[i]
        e, o = a + b, a - b
        digit_even[q, i], digit_odd[q, i] = e, o
        square = e * e + o * o
        power += square
        total += weights[FRAME + i] * square
    energies[F_DIGIT_ENERGY] = total
    energies[F_POWER] = power * np.float32(0.5 / FRAME)


@kernel
def measure(frames, slots, history, clock, weights, digit_basis, tone_basis, least_energy, out):  # type: ignore[no-untyped-def]
    """Measures (``F_*``) of frames int16[k, n, 160] of the lines in ``slots``, float32[k, n, F_TONES + GROUP · groups].

    ``history`` and ``clock`` are as ``hear`` keeps them, before it hears these frames. Frames of less than ``least_energy`` have no
    projections.
    """
    n = frames.shape[1]
    blocks = slots.shape[0] * n
    width = out.shape[2]
    before = np.empty(FRAME, np.float32)
    after = np.empty(FRAME, np.float32)
    tone_even, tone_odd = np.empty((TILE, FRAME), np.float32), np.empty((TILE, FRAME), np.float32)
    digit_even, digit_odd = np.empty((TILE, HALF_FRAME), np.float32), np.empty((TILE, HALF_FRAME), np.float32)
    energies = np.zeros(3, np.float32)
    tile = np.zeros((TILE, width), np.float32)
    for first in range(0, blocks, TILE):
        count = min(TILE, blocks - first)
        loud = False
        for q in range(count):
            line, j = (first + q) // n, (first + q) % n
            if j == 0:
                slot = slots[line]
                end = int(clock[slot, 1])
                tail = history[slot, end - FRAME : end]
                for i in range(FRAME):
                    before[i] = tail[i]
            else:
                for i in range(FRAME):
                    before[i] = frames[line, j - 1, i]
            for i in range(FRAME):
                after[i] = frames[line, j, FRAME - 1 - i]
            fold_frame(before, after, weights, energies, tone_even, tone_odd, digit_even, digit_odd, q)
            for c in range(3):
                tile[q, c] = energies[c]
            loud = loud or max(energies[F_DIGIT_ENERGY], energies[F_TONE_ENERGY]) >= least_energy
        if loud:
            project_tile(digit_even, digit_odd, digit_basis, 0, tile, F_DIGITS)
            for group in range(tone_basis.shape[0]):
                project_tile(tone_even, tone_odd, tone_basis, group, tile, F_TONES + GROUP * group)
        for q in range(count):
            line, j = (first + q) // n, (first + q) % n
            for c in range(width):
                out[line, j, c] = tile[q, c]

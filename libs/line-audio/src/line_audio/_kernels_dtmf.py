"""Kernels of the DTMF receiver's first stage: blocks of 20 ms propose digits.

Layout of a line's state (float64): see ``RUN_*``. Times are samples since the line's first.
"""

from __future__ import annotations

import math

from line_audio._kernels_goertzel import fold, project_folded, windowed_energy
from line_audio._kernels_jit import kernel

BLOCK = 160
HOP = 80
PAD = 240  #: samples looked at before and after a run of candidates
LONG_RUN = 1600  #: a longer run is tested while it still sounds
LONGEST = 3000  #: samples of one exact test
WORTH_A_LOOK = 0.04  #: part of the energy; with less no dial tone can have hidden a digit
TURN_SLACK = 0.5  #: radians that noise may turn a tone from block to block

(
    RUN_DIGIT,
    RUN_START,
    RUN_LAST,
    RUN_MISSES,
    RUN_PEAK,
    RUN_VERDICT,
    RUN_LEVEL,
    RUN_BEGAN,
    RUN_COHERENT,  #: blocks whose tones went on from the block before with the right frequencies
    RUN_WAVES,  #: complex amplitudes of row and column in the last block
) = range(10)
RUN_SIZE = RUN_WAVES + 4
UNTESTED, ASKED, REJECTED, SOUNDING = range(4)  #: verdicts on the run
ASK_SHORT, ASK_LONG, ASK_END = 1, 2, 3
MAX_REQUESTS = 4

#: parameters, float64
(
    P_FRACTION,
    P_MIN_LEVEL,
    P_MAX_OFFSET,
    P_MIN_SAMPLES,
    P_MERGE_SAMPLES,
    P_TWIST_HIGH,
    P_TWIST_LOW,
    P_MIN_SNR,
    P_RESIDUAL_PEAK,
    P_MIN_AMPLITUDE,
    P_STEADY,
    P_FAR_PEAK,
    P_CODEC_SNR,
    P_CODEC_PEAK,
    P_CODEC_STEADY,
    P_OFFSET_SNR,
    P_CODEC_MIN_AMPLITUDE,
    P_SIZE,
) = range(18)


@kernel
def candidate(block, window, basis, fraction, min_energy, work):  # type: ignore[no-untyped-def]
    """Digit 0-15 (row·4 + column) that most of a 20 ms block's energy belongs to, or -1; and that energy.

    ``basis`` is float32[2, 2, 8, 80] (see ``project_folded``): the four rows and four columns, and a basis of the band below 500 Hz, whose
    energy is left out of the total so that a dial tone does not hide a digit. ``work`` is float32[3, 256]; its first row keeps the waves.
    """
    total = windowed_energy(block, window)
    if total < min_energy:
        return -1, 0.0
    out = work[0]
    fold(block, work[1], work[2])
    project_folded(work[1], work[2], basis, 0, out)
    row = column = 0
    row_energy = column_energy = -1.0
    for k in range(4):
        e = out[k] * out[k] + out[8 + k] * out[8 + k]
        if e > row_energy:
            row_energy, row = e, k
        e = out[4 + k] * out[4 + k] + out[12 + k] * out[12 + k]
        if e > column_energy:
            column_energy, column = e, k
    tones = row_energy + column_energy
    if tones < min_energy or row_energy > 30.0 * column_energy or column_energy > 20.0 * row_energy:
        return -1, 0.0
    if tones < fraction * total:
        if tones < WORTH_A_LOOK * total:
            return -1, 0.0
        project_folded(work[1], work[2], basis, 1, out)
        for k in range(16, 32):
            total -= out[k] * out[k]
        if tones < fraction * total:
            return -1, 0.0
    return 4 * row + column, tones


@kernel
def goes_on(state, digit, work, frequencies, max_offset, follows):  # type: ignore[no-untyped-def]
    """Keep the waves of this block; 1 if both turned as far since the last block as tones of this digit would."""
    coherent = 1
    for c in range(2):
        k = digit // 4 if c == 0 else 4 + digit % 4
        radians = frequencies[k] * HOP
        re, im = work[0, k], -work[0, 8 + k]
        was_re, was_im = state[RUN_WAVES + 2 * c], state[RUN_WAVES + 2 * c + 1]
        state[RUN_WAVES + 2 * c], state[RUN_WAVES + 2 * c + 1] = re, im
        if follows:
            turned = math.atan2(im * was_re - re * was_im, re * was_re + im * was_im) - radians
            turned -= 2 * math.pi * round(turned / (2 * math.pi))
            if abs(turned) > max_offset * radians + TURN_SLACK:
                coherent = 0
    return coherent if follows else 0


@kernel
def dtmf_step(history, end, now, state, basis, block_window, frequencies, parameters, work, requests):  # type: ignore[no-untyped-def]
    """One 20 ms frame of stage one: ``history[:end]`` is what was heard, ``now`` the sample count at its end.

    Blocks overlap by half while there is a candidate, and follow each other while there is none. What stage two must look at goes to
    ``requests``, float64[n, 4]: kind (``ASK_*``), digit, begin and end time. Returns how many.
    """
    n = 0
    if state[RUN_DIGIT] < 0:
        block = history[end - BLOCK : end]
        if candidate(block, block_window, basis, parameters[P_FRACTION], parameters[P_MIN_LEVEL], work)[0] < 0:
            return 0
    for hop in range(2):
        last = end - HOP * (1 - hop)
        at = now - HOP * (1 - hop)
        digit, level = candidate(history[last - BLOCK : last], block_window, basis, parameters[P_FRACTION], parameters[P_MIN_LEVEL], work)
        if digit >= 0 and digit == int(state[RUN_DIGIT]) and level < 0.06 * state[RUN_PEAK]:
            digit = -1
        if state[RUN_DIGIT] >= 0:
            if digit == int(state[RUN_DIGIT]):
                state[RUN_LAST] = at
                state[RUN_COHERENT] += goes_on(state, digit, work, frequencies, parameters[P_MAX_OFFSET], state[RUN_MISSES] == 0)
                state[RUN_MISSES] = 0
                state[RUN_PEAK] = max(state[RUN_PEAK], level)
                if at - state[RUN_START] >= LONG_RUN and state[RUN_VERDICT] == UNTESTED:
                    state[RUN_VERDICT] = ASKED
                    n = ask(requests, n, ASK_LONG, digit, max(state[RUN_START] - PAD, at - LONGEST), at)
            else:
                state[RUN_MISSES] += 1
                if state[RUN_MISSES] >= 3 or (digit >= 0 and state[RUN_MISSES] >= 2):
                    if state[RUN_VERDICT] == SOUNDING:
                        n = ask(requests, n, ASK_END, state[RUN_DIGIT], state[RUN_LAST] - 640, now)
                    elif state[RUN_VERDICT] == UNTESTED and state[RUN_COHERENT] > 0:
                        n = ask(requests, n, ASK_SHORT, state[RUN_DIGIT], max(state[RUN_START] - PAD, now - LONGEST), now)
                    state[RUN_DIGIT] = -1
        if state[RUN_DIGIT] < 0 and digit >= 0:
            state[RUN_DIGIT] = digit
            state[RUN_START] = at - BLOCK
            state[RUN_LAST] = at
            state[RUN_MISSES] = 0
            state[RUN_PEAK] = level
            state[RUN_VERDICT] = UNTESTED
            state[RUN_COHERENT] = 0
            goes_on(state, digit, work, frequencies, parameters[P_MAX_OFFSET], False)
    return n


@kernel
def ask(requests, n, kind, digit, begin, end):  # type: ignore[no-untyped-def]
    requests[n, 0], requests[n, 1], requests[n, 2], requests[n, 3] = kind, digit, begin, end
    return n + 1

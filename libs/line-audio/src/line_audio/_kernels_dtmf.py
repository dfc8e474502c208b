"""Kernels of the DTMF receiver's first stage: blocks of 20 ms propose digits.

Layout of a line's state (float64): see ``RUN_*``. Times are samples since the line's first.
"""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_frequencies import F_DIGIT_ENERGY, F_DIGITS, GROUP
from line_audio._kernels_goertzel import fold, folded_energy, project_folded
from line_audio._kernels_jit import inlined_kernel
from line_audio._kernels_jit import lean_kernel as kernel

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
    RUN_PRESSED,  #: the digit reported last, and its end
    RUN_ENDED,
    RUN_WAVES,  #: complex amplitudes of row and column in the last block
) = range(12)
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
def project_block(history, end, weights, basis, work):  # type: ignore[no-untyped-def]
    """Project the 20 ms before ``end`` onto rows and columns: the projections go to ``work[0]``. Returns the windowed energy."""
    fold(history[end - BLOCK : end], work[1], work[2])
    project_folded(work[1], work[2], basis, 0, work[0])
    return folded_energy(work[1], work[2], weights)


@kernel
def low_energy(history, end, basis, work):  # type: ignore[no-untyped-def]
    """Windowed energy below 500 Hz of the 20 ms before ``end``."""
    fold(history[end - BLOCK : end], work[1], work[2])
    project_folded(work[1], work[2], basis, 1, work[0])
    total = np.float32(0.0)
    for k in range(16, 32):
        total += work[0, k] * work[0, k]
    return total


@inlined_kernel
def candidate(seen, j, column, total, history, end, basis, fraction, min_energy, work):  # type: ignore[no-untyped-def]
    """Digit 0-15 (row·4 + column) that most of a 20 ms block's energy belongs to, or -1; and that energy.

    ``seen[j, column : column + 16]`` are the block's projections, ``total`` its windowed energy. ``basis``, float32[2, 2, 8, 80] (see
    ``project_folded``): the four rows and four columns, and a basis of the band below 500 Hz, whose energy is left out of the total so that
    a dial tone does not hide a digit. ``work`` is float32[3, 256].
    """
    if total < min_energy:
        return -1, 0.0
    row = tone = 0
    row_energy = tone_energy = np.float32(-1.0)
    for k in range(column, column + 4):
        e = seen[j, k] * seen[j, k] + seen[j, 8 + k] * seen[j, 8 + k]
        if e > row_energy:
            row_energy, row = e, k - column
        e = seen[j, 4 + k] * seen[j, 4 + k] + seen[j, 12 + k] * seen[j, 12 + k]
        if e > tone_energy:
            tone_energy, tone = e, k - column
    tones = row_energy + tone_energy
    if tones < min_energy or row_energy > 30.0 * tone_energy or tone_energy > 20.0 * row_energy:
        return -1, 0.0
    if tones < fraction * total:
        if tones < WORTH_A_LOOK * total:
            return -1, 0.0
        if tones < fraction * (total - low_energy(history, end, basis, work)):
            return -1, 0.0
    return 4 * row + tone, tones


@kernel
def goes_on(state, digit, seen, j, first, frequencies, max_offset, follows):  # type: ignore[no-untyped-def]
    """Keep the waves of this block; 1 if both turned as far since the last block as tones of this digit would."""
    coherent = 1
    for c in range(2):
        k = digit // 4 if c == 0 else 4 + digit % 4
        re, im = seen[j, first + k], -seen[j, first + 8 + k]
        was_re, was_im = state[RUN_WAVES + 2 * c], state[RUN_WAVES + 2 * c + 1]
        state[RUN_WAVES + 2 * c], state[RUN_WAVES + 2 * c + 1] = re, im
        if follows:
            radians = frequencies[k] * HOP
            turned = math.atan2(im * was_re - re * was_im, re * was_re + im * was_im) - radians
            turned -= 2 * math.pi * round(turned / (2 * math.pi))
            if abs(turned) > max_offset * radians + TURN_SLACK:
                coherent = 0
    return coherent if follows else 0


@kernel
def follow_run(seen, j, first, digit, level, at, now, state, frequencies, parameters, requests, n):  # type: ignore[no-untyped-def]
    """One block of a run of candidates: its digit, or -1, and their energy; ``at`` is its end. Returns the number of requests."""
    if digit >= 0 and digit == int(state[RUN_DIGIT]) and level < 0.06 * state[RUN_PEAK]:
        digit = -1
    if state[RUN_DIGIT] >= 0:
        if digit == int(state[RUN_DIGIT]):
            state[RUN_LAST] = at
            state[RUN_COHERENT] += goes_on(
                state, digit, seen, j, first, frequencies, parameters[P_MAX_OFFSET], state[RUN_MISSES] == 0
            )  # fmt: skip
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
        goes_on(state, digit, seen, j, first, frequencies, parameters[P_MAX_OFFSET], False)
    return n


@inlined_kernel
def dtmf_step(history, end, now, state, seen, j, weights, basis, frequencies, parameters, work, requests):  # type: ignore[no-untyped-def]
    """One 20 ms frame of stage one: ``history[:end]`` is what was heard, ``now`` the sample count at its end, ``seen[j]`` its measures.

    Blocks overlap by half while there is a candidate, and follow each other while there is none. What stage two must look at goes to
    ``requests``, float64[n, 4]: kind (``ASK_*``), digit, begin and end time. Returns how many.
    """
    fraction, least = np.float32(parameters[P_FRACTION]), np.float32(parameters[P_MIN_LEVEL])
    if state[RUN_DIGIT] < 0 and candidate(seen, j, F_DIGITS, seen[j, F_DIGIT_ENERGY], history, end, basis, fraction, least, work)[0] < 0:
        return 0
    return follow_frame(history, end, now, state, seen, j, weights, basis, frequencies, parameters, work, requests)


@kernel
def follow_frame(history, end, now, state, seen, j, weights, basis, frequencies, parameters, work, requests):  # type: ignore[no-untyped-def]
    """Both blocks that end in a frame, while there is a candidate. Columns are variables here: numba compiles anew for other constants."""
    none, first = np.int64(0), np.int64(F_DIGITS)
    fraction, least = np.float32(parameters[P_FRACTION]), np.float32(parameters[P_MIN_LEVEL])
    middle = project_block(history, end - HOP, weights, basis, work)
    digit, level = candidate(work, none, none, middle, history, end - HOP, basis, fraction, least, work)
    n = follow_run(work, none, none, digit, level, now - HOP, now, state, frequencies, parameters, requests, none)
    digit, level = candidate(seen, j, first, seen[j, F_DIGIT_ENERGY], history, end, basis, fraction, least, work)
    return follow_run(seen, j, first, digit, level, now, now, state, frequencies, parameters, requests, n)


@kernel
def receive_frame(history, end, now, state, weights, basis, frequencies, parameters, work, seen, requests):  # type: ignore[no-untyped-def]
    """``dtmf_step`` for a receiver without a frequency bank; ``seen`` is float32[1, F_TONES]."""
    seen[0, F_DIGIT_ENERGY] = project_block(history, end, weights, basis, work)
    for k in range(GROUP):
        seen[0, F_DIGITS + k] = work[0, k]
    return dtmf_step(history, end, now, state, seen, np.int64(0), weights, basis, frequencies, parameters, work, requests)


@kernel
def ask(requests, n, kind, digit, begin, end):  # type: ignore[no-untyped-def]
    requests[n, 0], requests[n, 1], requests[n, 2], requests[n, 3] = kind, digit, begin, end
    return n + 1

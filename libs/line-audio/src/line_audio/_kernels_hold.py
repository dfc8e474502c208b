"""Kernels of the speech and music classifier: what a frame sounds like, and a small recurrent network that follows it.

Frames of 20 ms are described one by one and judged in pairs, each 40 ms. All levels are relative to the line's own, so that
gain does not matter.
"""

from __future__ import annotations

import numpy as np

from line_audio._kernels_jit import inner_kernel, kernel
from line_audio._kernels_spectrum import BANDS, FFT_SIZE, HALF, power_spectrum

PARTS = 4  #: stretches of the spectrum whose fine structure is looked at: 125, 500, 1 000, 2 000 to 3 800 Hz
PART_0, PART_1, PART_2, PART_3, PART_END = 4, 16, 32, 64, 122
A_FRAME = BANDS + 1 + PARTS  #: band shape, level, peakiness of each part
CHANGES = 2 * PARTS  #: of the fine structure over 40 and 120 ms
PITCH = 3  #: clarity, period, steadiness
FEATURES = 2 * A_FRAME + CHANGES + PITCH
PAIR = 2

REFERENCE_FALL = 0.0133  #: of the line's level, in log2 of power a frame: 2 dB a second
LOUDEST_START = -14.0  #: log2 of power relative to 0 dBm0 (-42 dBm0): a line is never taken to be quieter than this
SILENT = -20.6  #: -62 dBm0
ACTIVE = -8.6  #: 26 dB below the line's level
FLOOR_A_BIN = 1.0e-9  #: -90 dBm0: quantisation noise of G.711 hides what is below

#: a line's memory, float32[MEMORY, HALF]: rows of fine structure of the last frames, then rows of their own
ROW_FINE, ROW_POWER, ROW_VECTOR, ROW_FIRST, ROW_SECOND, ROW_STATE, MEMORY = 0, 8, 9, 10, 11, 12, 13
PAST = 8  #: frames of fine structure kept
LAG_SHORT, LAG_LONG = 2, 6  #: frames: 40 and 120 ms
#: columns of ROW_STATE
M_FRAMES, M_REFERENCE, M_PERIOD, M_SPEECH, M_MUSIC = range(5)
LANES = 4  #: lines that the network judges together
LANE = 256  #: values of each lane in a row of its scratch
S_VECTOR, S_FIRST, S_SECOND, S_ENTRY, S_GATES, S_MEMORY_GATES, S_OUT, S_ROWS = range(8)


@inner_kernel
def log2_of(x):  # type: ignore[no-untyped-def]
    """log2 of a positive float32 to 3e-5: the exponent, and a polynomial of the mantissa."""
    bits = np.float32(x).view(np.int32)
    exponent = np.float32((bits >> 23) - 127)
    m = np.int32((bits & 0x7FFFFF) | 0x3F800000).view(np.float32) - np.float32(1.0)
    fraction = np.float32(0.045886) * m + np.float32(-0.194423)
    fraction = fraction * m + np.float32(0.415422)
    fraction = fraction * m + np.float32(-0.708682)
    return exponent + (fraction * m + np.float32(1.441826)) * m


@inner_kernel
def squash(x):  # type: ignore[no-untyped-def]
    """tanh to 1e-4 (a rational function), so that it becomes vector instructions."""
    x = min(max(x, np.float32(-4.9)), np.float32(4.9))
    s = x * x
    up = x * (np.float32(135135.0) + s * (np.float32(17325.0) + s * (np.float32(378.0) + s)))
    down = np.float32(135135.0) + s * (np.float32(62370.0) + s * (np.float32(3150.0) + s * np.float32(28.0)))
    return up / down


@inner_kernel
def describe_frame(power, tables, memory, out):  # type: ignore[no-untyped-def]
    """One frame's spectrum → band shape, level and peakiness, float32[A_FRAME]; its fine structure goes to the memory."""
    state = memory[ROW_STATE]
    fine = memory[ROW_FINE + int(state[M_FRAMES]) % PAST]
    scale = np.float32(tables.scale)
    floor = np.float32(FLOOR_A_BIN)
    total = np.float32(0.0)
    for k in range(PART_0, PART_END):
        total += power[k]
    level = log2_of(total * scale + floor)
    for k in range(HALF):
        fine[k] = log2_of(power[k] * scale + floor)
    if state[M_FRAMES] == 0:
        state[M_REFERENCE] = LOUDEST_START
    state[M_REFERENCE] = max(max(state[M_REFERENCE] - REFERENCE_FALL, level - 1.0), LOUDEST_START)
    edges = tables.band_edges
    for b in range(BANDS):
        band = floor
        for k in range(edges[b], edges[b + 1]):
            band += power[k] * scale
        out[b] = min(max((log2_of(band) - level) * np.float32(0.2), np.float32(-3.0)), np.float32(0.5))
    out[BANDS] = max(level - state[M_REFERENCE], np.float32(-16.0)) * np.float32(0.2)
    for part in range(PARTS):
        begin = (PART_0, PART_1, PART_2, PART_3)[part]
        end = (PART_1, PART_2, PART_3, PART_END)[part]
        mean = np.float32(0.0)
        loud = floor
        for k in range(begin, end):
            mean += fine[k]
            loud += power[k] * scale
        out[BANDS + 1 + part] = (log2_of(loud / np.float32(end - begin)) - mean / np.float32(end - begin)) * np.float32(0.5)
    return level


@inner_kernel
def describe_pair(memory, out):  # type: ignore[no-untyped-def]
    """How the fine structure changed over the last 40 and 120 ms: mean absolute difference of each part, float32[CHANGES]."""
    now = int(memory[ROW_STATE, M_FRAMES])
    fine = memory[ROW_FINE + now % PAST]
    for part in range(PARTS):
        begin = (PART_0, PART_1, PART_2, PART_3)[part]
        end = (PART_1, PART_2, PART_3, PART_END)[part]
        for lag in range(2):
            before = memory[ROW_FINE + (now + PAST - (LAG_SHORT, LAG_LONG)[lag]) % PAST]
            change = np.float32(0.0)
            for k in range(begin, end):
                change += abs(fine[k] - before[k])
            out[PARTS * lag + part] = change / np.float32(end - begin) * np.float32(0.25)


@inner_kernel
def describe_pitch(power, tables, memory, mirrored, work, correlation, out):  # type: ignore[no-untyped-def]
    """Clarity, period and steadiness of the pitch (73-400 Hz) in two frames together, float32[PITCH].

    The autocorrelation is the transform of the power spectrum, which is real and even: its power is the squared correlation.
    """
    state = memory[ROW_STATE]
    for k in range(HALF):
        mirrored[k] = power[k] + memory[ROW_POWER, k]
    mirrored[HALF] = power[HALF]
    for k in range(1, HALF):
        mirrored[FFT_SIZE - k] = mirrored[k]
    power_spectrum(mirrored, tables.ones, tables.twiddles, work, correlation)
    total = correlation[0] + np.float32(1e-20)
    best, best_lag = np.float32(0.0), 0
    for lag in range(20, 110):
        here = correlation[lag]
        if here >= correlation[lag - 1] and here >= correlation[lag + 1]:
            value = here * tables.pitch_weights[lag]
            if value > best:
                best, best_lag = value, lag
    clarity = min(np.sqrt(best / total), np.float32(1.0))
    period = log2_of(np.float32(best_lag) + np.float32(1.0))
    change = min(abs(period - state[M_PERIOD]), np.float32(1.0))
    state[M_PERIOD] = period
    out[0] = clarity
    out[1] = (period - np.float32(5.7)) * clarity
    out[2] = (np.float32(1.0) - change) * clarity


@inner_kernel
def layer(inputs, weights, biases, outputs, lanes):  # type: ignore[no-untyped-def]
    """outputs = inputs · weights + biases, for one line or for ``LANES`` lines at once.

    The weights do not fit into the nearest cache: read once for four lines, they cost a quarter. Lane n of ``inputs`` and ``outputs``
    begins at ``LANE``·n.
    """
    width = biases.shape[0]
    for lane in range(lanes):
        for j in range(width):
            outputs[LANE * lane + j] = biases[j]
    paired = weights.shape[0] // 2 * 2
    for i in range(0, paired, 2):
        a, b = inputs[i], inputs[i + 1]
        if lanes == 1:
            for j in range(width):
                outputs[j] += a * weights[i, j] + b * weights[i + 1, j]
            continue
        c, d = inputs[LANE + i], inputs[LANE + i + 1]
        e, f = inputs[2 * LANE + i], inputs[2 * LANE + i + 1]
        g, h = inputs[3 * LANE + i], inputs[3 * LANE + i + 1]
        for j in range(width):
            u, v = weights[i, j], weights[i + 1, j]
            outputs[j] += a * u + b * v
            outputs[LANE + j] += c * u + d * v
            outputs[2 * LANE + j] += e * u + f * v
            outputs[3 * LANE + j] += g * u + h * v
    if paired < weights.shape[0]:
        for lane in range(lanes):
            x = inputs[LANE * lane + paired]
            for j in range(width):
                outputs[LANE * lane + j] += x * weights[paired, j]


@inner_kernel
def recurrent_layer(inputs, hidden, weights, recurrent, biases, recurrent_biases, gates, memory_gates, lanes):  # type: ignore[no-untyped-def]
    """A gated recurrent unit (Cho et al. 2014, reset after the product): ``hidden`` is updated in place.

    Gates are in the order update, reset, candidate; ``weights`` is float32[inputs, 3·width], ``recurrent`` float32[width, 3·width].
    """
    width = recurrent.shape[0]
    layer(inputs, weights, biases, gates, lanes)
    layer(hidden, recurrent, recurrent_biases, memory_gates, lanes)
    half = np.float32(0.5)
    for lane in range(lanes):
        first = LANE * lane
        for j in range(first, first + 2 * width):
            gates[j] = half + half * squash(half * (gates[j] + memory_gates[j]))
        for j in range(first, first + width):
            candidate = squash(gates[2 * width + j] + gates[width + j] * memory_gates[2 * width + j])
            hidden[j] = candidate + gates[j] * (hidden[j] - candidate)


@inner_kernel
def judge(network, scratch, lanes):  # type: ignore[no-untyped-def]
    """One step of the network for this many lines. ``scratch`` is float32[S_ROWS, LANES·LANE]: vectors and hidden values, in and out."""
    entry = scratch[S_ENTRY]
    layer(scratch[S_VECTOR], network.w_in, network.b_in, entry, lanes)
    for j in range(LANE * lanes):
        entry[j] = max(entry[j], np.float32(0.0))
    first, second, gates, memory_gates = scratch[S_FIRST], scratch[S_SECOND], scratch[S_GATES], scratch[S_MEMORY_GATES]
    recurrent_layer(entry, first, network.w1, network.r1, network.b1, network.c1, gates, memory_gates, lanes)
    recurrent_layer(first, second, network.w2, network.r2, network.b2, network.c2, gates, memory_gates, lanes)
    layer(second, network.w_out, network.b_out, scratch[S_OUT], lanes)


@inner_kernel
def judge_lines(hearing, ready, count, network, scratch):  # type: ignore[no-untyped-def]
    """Judge the vectors of the lines ``ready[:count]``: probabilities of speech and of music go to their memories, ``hearing[line]``."""
    one, two = network.r1.shape[0], network.r2.shape[0]
    half = np.float32(0.5)
    for begin in range(0, count, LANES):
        lanes = 1 if begin + 1 == count else LANES
        for lane in range(lanes):
            memory, at = hearing[ready[min(begin + lane, count - 1)]], LANE * lane
            scratch[S_VECTOR, at : at + FEATURES] = memory[ROW_VECTOR, :FEATURES]
            scratch[S_FIRST, at : at + one] = memory[ROW_FIRST, :one]
            scratch[S_SECOND, at : at + two] = memory[ROW_SECOND, :two]
        judge(network, scratch, lanes)
        for lane in range(min(LANES, count - begin)):
            memory, at = hearing[ready[begin + lane]], LANE * lane
            memory[ROW_FIRST, :one] = scratch[S_FIRST, at : at + one]
            memory[ROW_SECOND, :two] = scratch[S_SECOND, at : at + two]
            memory[ROW_STATE, M_SPEECH] = half + half * squash(half * scratch[S_OUT, at])
            memory[ROW_STATE, M_MUSIC] = half + half * squash(half * scratch[S_OUT, at + 1])


@inner_kernel
def describe(power, tables, memory, mirrored, work, correlation):  # type: ignore[no-untyped-def]
    """Take one frame's spectrum in. True when a pair is complete and the vector in the memory can be judged."""
    state = memory[ROW_STATE]
    vector = memory[ROW_VECTOR]
    second = int(state[M_FRAMES]) % PAIR
    describe_frame(power, tables, memory, vector[second * A_FRAME : (second + 1) * A_FRAME])
    if second == 0:
        for k in range(HALF):
            memory[ROW_POWER, k] = power[k]
    else:
        describe_pair(memory, vector[2 * A_FRAME : 2 * A_FRAME + CHANGES])
        describe_pitch(power, tables, memory, mirrored, work, correlation, vector[2 * A_FRAME + CHANGES : FEATURES])
    state[M_FRAMES] += 1
    if state[M_FRAMES] >= 1 << 20:  # float32 counts no further than 2^24
        state[M_FRAMES] -= 1 << 19
    return second == 1


@kernel
def describe_all(spectra, tables, out):  # type: ignore[no-untyped-def]
    """Vectors of consecutive pairs of frames, float32[n // 2, FEATURES], from their spectra: for training and analysis."""
    memory = np.zeros((MEMORY, HALF), np.float32)
    mirrored = np.zeros(256, np.float32)
    work = np.zeros((4, 128), np.float32)
    correlation = np.zeros(129, np.float32)
    for n in range(spectra.shape[0]):
        if describe(spectra[n], tables, memory, mirrored, work, correlation):
            out[n // 2] = memory[ROW_VECTOR, :FEATURES]


@kernel
def judge_all(vectors, network, out):  # type: ignore[no-untyped-def]
    """Probabilities of speech and music after each vector, float32[n, 2]."""
    hearing = np.zeros((1, MEMORY, HALF), np.float32)
    ready = np.zeros(1, np.int64)
    scratch = np.zeros((S_ROWS, LANES * LANE), np.float32)
    for n in range(vectors.shape[0]):
        hearing[0, ROW_VECTOR, :FEATURES] = vectors[n]
        judge_lines(hearing, ready, 1, network, scratch)
        out[n, 0], out[n, 1] = hearing[0, ROW_STATE, M_SPEECH], hearing[0, ROW_STATE, M_MUSIC]


@kernel
def spectra_of(samples, tables, out):  # type: ignore[no-untyped-def]
    """Power spectra at each 20 ms frame's end, float32[n, 129]; the first frames see zeros before the start."""
    work = np.zeros((4, 128), np.float32)
    block = np.zeros(256, np.float32)
    for n in range(out.shape[0]):
        end = (n + 1) * 160
        for i in range(256):
            at = end - 256 + i
            block[i] = samples[at] if at >= 0 else np.float32(0.0)
        power_spectrum(block, tables.window, tables.twiddles, work, out[n])

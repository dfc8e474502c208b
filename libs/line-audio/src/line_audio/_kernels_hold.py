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
ROW_FINE, ROW_POWER, ROW_VECTOR, ROW_FIRST, ROW_SECOND, ROW_THIRD, ROW_STATE, MEMORY = 0, 8, 9, 10, 11, 12, 13, 14
PAST = 8  #: frames of fine structure kept
LAG_SHORT, LAG_LONG = 2, 6  #: frames: 40 and 120 ms
#: columns of ROW_STATE
M_FRAMES, M_REFERENCE, M_PERIOD, M_SPEECH, M_MUSIC = range(5)


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
def layer(inputs, weights, biases, outputs):  # type: ignore[no-untyped-def]
    """outputs = inputs · weights + biases; rows of ``weights`` four at a time, so that sums stay in registers longer."""
    width = biases.shape[0]
    for j in range(width):
        outputs[j] = biases[j]
    for i in range(0, weights.shape[0] - 3, 4):
        a, b, c, d = inputs[i], inputs[i + 1], inputs[i + 2], inputs[i + 3]
        for j in range(width):
            outputs[j] += a * weights[i, j] + b * weights[i + 1, j] + c * weights[i + 2, j] + d * weights[i + 3, j]
    for i in range(weights.shape[0] // 4 * 4, weights.shape[0]):
        for j in range(width):
            outputs[j] += inputs[i] * weights[i, j]


@inner_kernel
def recurrent_layer(inputs, hidden, weights, recurrent, biases, recurrent_biases, gates, memory_gates):  # type: ignore[no-untyped-def]
    """A gated recurrent unit (Cho et al. 2014, reset after the product): ``hidden`` is updated in place.

    Gates are in the order update, reset, candidate; ``weights`` is float32[inputs, 3·width], ``recurrent`` float32[width, 3·width].
    """
    width = recurrent.shape[0]
    layer(inputs, weights, biases, gates)
    layer(hidden, recurrent, recurrent_biases, memory_gates)
    half = np.float32(0.5)
    for j in range(2 * width):
        gates[j] = half + half * squash(half * (gates[j] + memory_gates[j]))
    for j in range(width):
        candidate = squash(gates[2 * width + j] + gates[width + j] * memory_gates[2 * width + j])
        hidden[j] = candidate + gates[j] * (hidden[j] - candidate)


@inner_kernel
def judge(vector, network, memory, scratch):  # type: ignore[no-untyped-def]
    """One step of the network: ``vector`` float32[FEATURES] → probabilities of speech and of music in the memory."""
    first, second, third = memory[ROW_FIRST], memory[ROW_SECOND], memory[ROW_THIRD]
    entry, gates, memory_gates = scratch[0], scratch[1], scratch[2]
    width = network.b_in.shape[0]
    layer(vector, network.w_in, network.b_in, entry)
    for j in range(width):
        entry[j] = max(entry[j], np.float32(0.0))
    one, two = network.r1.shape[0], network.r2.shape[0]
    recurrent_layer(entry[:width], first[:one], network.w1, network.r1, network.b1, network.c1, gates, memory_gates)
    recurrent_layer(first[:one], second[:two], network.w2, network.r2, network.b2, network.c2, gates, memory_gates)
    half = np.float32(0.5)
    layer(second[:two], network.w_out, network.b_out, third)
    memory[ROW_STATE, M_SPEECH] = half + half * squash(half * third[0])
    memory[ROW_STATE, M_MUSIC] = half + half * squash(half * third[1])


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
    memory = np.zeros((MEMORY, HALF), np.float32)
    scratch = np.zeros((3, 256), np.float32)
    for n in range(vectors.shape[0]):
        judge(vectors[n], network, memory, scratch)
        out[n, 0], out[n, 1] = memory[ROW_STATE, M_SPEECH], memory[ROW_STATE, M_MUSIC]


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

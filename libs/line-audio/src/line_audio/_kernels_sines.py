"""Kernels of exact measurement: sines fitted by least squares, frequency and envelope of a tone that is nearly known."""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_jit import kernel

STEP = 8  #: samples summed after turning a tone to 0 Hz; at 100 Hz beside it that costs 1.6 %
SPAN = 12  #: steps under the window of an envelope


@kernel
def fill_waves(radians, length, cosines, sines):  # type: ignore[no-untyped-def]
    """cos and sin of ``radians``·n. One rotation for each eight samples: they do not wait for each other."""
    for j in range(min(STEP, length)):
        cosines[j], sines[j] = math.cos(radians * j), math.sin(radians * j)
    turn_c, turn_s = math.cos(radians * STEP), math.sin(radians * STEP)
    c, s = turn_c, turn_s
    for start in range(STEP, length - STEP + 1, STEP):
        for j in range(STEP):
            cosines[start + j] = c * cosines[j] - s * sines[j]
            sines[start + j] = s * cosines[j] + c * sines[j]
        c, s = c * turn_c - s * turn_s, s * turn_c + c * turn_s
    for n in range(length - length % STEP, length):
        cosines[n], sines[n] = math.cos(radians * n), math.sin(radians * n)


@kernel
def turn_down(samples, start, length, radians, re, im):  # type: ignore[no-untyped-def]
    """The tone at ``radians`` turned to 0 Hz and summed over each eight samples; returns how many sums."""
    first_c = np.empty(STEP)
    first_s = np.empty(STEP)
    fill_waves(radians, STEP, first_c, first_s)
    turn_c, turn_s = math.cos(radians * STEP), math.sin(radians * STEP)
    c, s = 1.0, 0.0
    count = length // STEP
    for i in range(count):
        a = b = 0.0
        for j in range(STEP):
            x = samples[start + STEP * i + j]
            a += x * first_c[j]
            b += x * first_s[j]
        re[i], im[i] = a * c - b * s, -(a * s + b * c)
        c, s = c * turn_c - s * turn_s, s * turn_c + c * turn_s
    return count


@kernel
def solve(matrix, vector, size):  # type: ignore[no-untyped-def]
    """Gaussian elimination in place for a small positive definite system; the answer is left in ``vector``."""
    for i in range(size):
        pivot = matrix[i, i] + 1e-9
        for j in range(i + 1, size):
            factor = matrix[j, i] / pivot
            for k in range(i, size):
                matrix[j, k] -= factor * matrix[i, k]
            vector[j] -= factor * vector[i]
    for i in range(size - 1, -1, -1):
        total = vector[i]
        for k in range(i + 1, size):
            total -= matrix[i, k] * vector[k]
        vector[i] = total / (matrix[i, i] + 1e-9)


@kernel
def subtract_sines(samples, start, length, radians, count, residual, amplitudes):  # type: ignore[no-untyped-def]
    """Least-squares fit of ``count`` sines; what is left goes to ``residual``, peak amplitudes to ``amplitudes``. Returns its energy."""
    size = 2 * count
    matrix = np.zeros((size, size))
    vector = np.zeros(size)
    waves = np.empty((size, length))
    for c in range(count):
        fill_waves(radians[c], length, waves[2 * c], waves[2 * c + 1])
    for i in range(size):
        for j in range(i, size):
            total = 0.0
            for n in range(length):
                total += waves[i, n] * waves[j, n]
            matrix[i, j] = total
            matrix[j, i] = total
        total = 0.0
        for n in range(length):
            total += waves[i, n] * samples[start + n]
        vector[i] = total
    solve(matrix, vector, size)
    for c in range(count):
        amplitudes[c] = math.sqrt(vector[2 * c] ** 2 + vector[2 * c + 1] ** 2)
    for n in range(length):
        residual[n] = samples[start + n]
    for i in range(size):
        for n in range(length):
            residual[n] -= vector[i] * waves[i, n]
    left = 0.0
    for n in range(length):
        left += residual[n] * residual[n]
    return left


@kernel
def spectrum_around(re, im, count, step, reach, out):  # type: ignore[no-untyped-def]
    """Magnitudes of Σ (re + i·im)[m]·exp(-i·k·step·m) for k from -reach to reach, side by side."""
    size = 2 * reach + 1
    turn_c, turn_s = np.empty(size), np.empty(size)
    c, s = np.ones(size), np.zeros(size)
    a, b = np.zeros(size), np.zeros(size)
    for k in range(size):
        turn_c[k], turn_s[k] = math.cos((k - reach) * step), math.sin((k - reach) * step)
    for m in range(count):
        x, y = re[m], im[m]
        for k in range(size):
            a[k] += x * c[k] + y * s[k]
            b[k] += y * c[k] - x * s[k]
            c[k], s[k] = c[k] * turn_c[k] - s[k] * turn_s[k], s[k] * turn_c[k] + c[k] * turn_s[k]
    for k in range(size):
        out[k] = math.sqrt(a[k] * a[k] + b[k] * b[k])


@kernel
def refine_frequency(samples, start, length, nominal):  # type: ignore[no-untyped-def]
    """Frequency (radians a sample) of the spectral peak within ±6 % of ``nominal``; 0 when the peak is at the border."""
    re = np.empty(length // STEP)
    im = np.empty(length // STEP)
    count = turn_down(samples, start, length, nominal, re, im)
    for m in range(count):
        weight = 0.5 - 0.5 * math.cos(2 * math.pi * (m + 0.5) / count)
        re[m] *= weight
        im[m] *= weight
    step = math.pi / length
    reach = int(0.06 * nominal / step) + 1
    peaks = np.empty(2 * reach + 1)
    spectrum_around(re, im, count, STEP * step, reach, peaks)
    best = 0
    for k in range(2 * reach + 1):
        if peaks[k] > peaks[best]:
            best = k
    if best == 0 or best == 2 * reach:
        return 0.0
    left, middle, right = math.log(peaks[best - 1] + 1e-9), math.log(peaks[best] + 1e-9), math.log(peaks[best + 1] + 1e-9)
    curve = left - 2 * middle + right
    shift = 0.5 * (left - right) / curve if curve < -1e-12 else 0.0
    return nominal + (best - reach + min(max(shift, -1.0), 1.0)) * step


@kernel
def envelope(samples, start, length, radians, out):  # type: ignore[no-untyped-def]
    """Amplitude of one tone every 8 samples (Hann, 96 samples, centred at start + 48 + 8·i); returns how many."""
    re = np.empty(length // STEP)
    im = np.empty(length // STEP)
    count = turn_down(samples, start, length, radians, re, im) - SPAN + 1
    weights = np.empty(SPAN)
    for m in range(SPAN):
        weights[m] = (0.5 - 0.5 * math.cos(2 * math.pi * (m + 0.5) / SPAN)) / (0.25 * STEP * SPAN)
    for i in range(count):
        a = b = 0.0
        for m in range(SPAN):
            a += weights[m] * re[i + m]
            b += weights[m] * im[i + m]
        out[i] = math.sqrt(a * a + b * b)
    return max(count, 0)


@kernel
def plateau(values, count):  # type: ignore[no-untyped-def]
    """Mean of what is above half of the peak, twice over: the level of a tone that is on for part of the stretch."""
    peak = 0.0
    for i in range(count):
        peak = max(peak, values[i])
    level = peak
    for _ in range(2):
        total, n = 0.0, 0
        for i in range(count):
            if values[i] > 0.5 * level:
                total += values[i]
                n += 1
        if n > 0:
            level = total / n
    return level


@kernel
def crossing(low, high, threshold):  # type: ignore[no-untyped-def]
    """Where between two neighbouring values the threshold lies, in [0, 1]."""
    return min(max((threshold - low) / (high - low), 0.0), 1.0) if high != low else 0.5

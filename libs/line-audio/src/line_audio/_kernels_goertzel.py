"""Kernels: projections onto a bank of waves, windowed energy, one frequency's amplitude."""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_jit import kernel


@kernel
def project(samples, basis, out):  # type: ignore[no-untyped-def]
    """out[j] = Σ samples[i]·basis[i, j]; the inner loop runs over columns so that it becomes vector instructions."""
    columns = basis.shape[1]
    for j in range(columns):
        out[j] = np.float32(0.0)
    for i in range(basis.shape[0]):
        x = samples[i]
        for j in range(columns):
            out[j] += x * basis[i, j]


@kernel
def fold(samples, even, odd):  # type: ignore[no-untyped-def]
    """Sums and differences of the samples that lie alike about the middle: cosines about it need only the sums, sines the differences."""
    n = samples.shape[0]
    for i in range(n // 2):
        a, b = samples[i], samples[n - 1 - i]
        even[i] = a + b
        odd[i] = a - b


@kernel
def project_folded(even, odd, basis, group, out):  # type: ignore[no-untyped-def]
    """Projections of a folded block onto the 16 vectors of ``basis[group]``, float32[groups, 2, 8, length / 2].

    Eight even vectors, then eight odd ones, of which the first halves are given. Four at a time: their sums share the samples read.
    """
    length = basis.shape[3]
    for parity in range(2):
        samples = even if parity == 0 else odd
        for j in range(0, 8, 4):
            a = b = c = d = np.float32(0.0)
            for i in range(length):
                x = samples[i]
                a += x * basis[group, parity, j, i]
                b += x * basis[group, parity, j + 1, i]
                c += x * basis[group, parity, j + 2, i]
                d += x * basis[group, parity, j + 3, i]
            o = 16 * group + 8 * parity + j
            out[o], out[o + 1], out[o + 2], out[o + 3] = a, b, c, d


@kernel
def windowed_energy(samples, window):  # type: ignore[no-untyped-def]
    """Σ (samples·window)²."""
    total = np.float32(0.0)
    for i in range(window.shape[0]):
        value = samples[i] * window[i]
        total += value * value
    return total


@kernel
def energy(samples):  # type: ignore[no-untyped-def]
    """Σ samples²."""
    total = np.float32(0.0)
    for i in range(samples.shape[0]):
        total += samples[i] * samples[i]
    return total


@kernel
def amplitude_at(samples, start, length, radians):  # type: ignore[no-untyped-def]
    """Peak amplitude of the component at ``radians`` per sample in a Hann-windowed stretch, by two coupled rotations."""
    cosine, sine = 1.0, 0.0
    turn_c, turn_s = math.cos(radians), math.sin(radians)
    window_c, window_s = math.cos(math.pi / length), math.sin(math.pi / length)
    step_c, step_s = math.cos(2 * math.pi / length), math.sin(2 * math.pi / length)
    re = im = 0.0
    for n in range(length):
        value = samples[start + n] * (0.5 - 0.5 * window_c)
        re += value * cosine
        im += value * sine
        cosine, sine = cosine * turn_c - sine * turn_s, sine * turn_c + cosine * turn_s
        window_c, window_s = window_c * step_c - window_s * step_s, window_s * step_c + window_c * step_s
    return math.sqrt(re * re + im * im) / (0.25 * length)

"""Kernels: projections onto a bank of waves, windowed energy, one frequency's amplitude."""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_jit import lean_kernel as kernel


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
    """Sums and differences of the samples that lie alike about the middle: cosines about it need only the sums, sines the differences.

    Unsigned indices cannot count from the end, so that the loop becomes vector instructions.
    """
    n = np.uint64(samples.shape[0])
    for i in range(n // np.uint64(2)):
        a, b = samples[i], samples[n - np.uint64(1) - i]
        even[i] = a + b
        odd[i] = a - b


@kernel
def folded_energy(even, odd, weights):  # type: ignore[no-untyped-def]
    """Energy of a windowed block from its folded halves; ``weights`` are half the squared window."""
    total = np.float32(0.0)
    for i in range(weights.shape[0]):
        total += weights[i] * (even[i] * even[i] + odd[i] * odd[i])
    return total


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
def project_tile(even, odd, basis, group, out, column):  # type: ignore[no-untyped-def]
    """``project_folded`` of four blocks at once: float32[4, length / 2] each, to ``out[:, column : column + 16]``."""
    project_half(even, basis, group, 0, out, column)
    project_half(odd, basis, group, 1, out, column + 8)


@kernel
def project_half(samples, basis, group, parity, out, column):  # type: ignore[no-untyped-def]
    """The eight vectors of one parity on four blocks; sixteen sums at a time fill the registers."""
    length = basis.shape[3]
    zero = np.float32(0.0)
    for j in range(0, 8, 4):
        a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = c0 = c1 = c2 = c3 = d0 = d1 = d2 = d3 = zero
        for i in range(length):
            a, b = basis[group, parity, j, i], basis[group, parity, j + 1, i]
            c, d = basis[group, parity, j + 2, i], basis[group, parity, j + 3, i]
            w, x, y, z = samples[0, i], samples[1, i], samples[2, i], samples[3, i]
            a0, a1, a2, a3 = a0 + a * w, a1 + a * x, a2 + a * y, a3 + a * z
            b0, b1, b2, b3 = b0 + b * w, b1 + b * x, b2 + b * y, b3 + b * z
            c0, c1, c2, c3 = c0 + c * w, c1 + c * x, c2 + c * y, c3 + c * z
            d0, d1, d2, d3 = d0 + d * w, d1 + d * x, d2 + d * y, d3 + d * z
        o = column + j
        out[0, o], out[1, o], out[2, o], out[3, o] = a0, a1, a2, a3
        out[0, o + 1], out[1, o + 1], out[2, o + 1], out[3, o + 1] = b0, b1, b2, b3
        out[0, o + 2], out[1, o + 2], out[2, o + 2], out[3, o + 2] = c0, c1, c2, c3
        out[0, o + 3], out[1, o + 3], out[2, o + 3], out[3, o + 3] = d0, d1, d2, d3


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

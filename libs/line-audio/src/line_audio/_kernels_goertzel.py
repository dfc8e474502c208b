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
def project8(samples, basis, block, out):  # type: ignore[no-untyped-def]
    """As ``project`` for the eight columns of ``basis[block]``, float32[blocks, length, 8], held in registers."""
    a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = np.float32(0.0)
    for i in range(basis.shape[1]):
        x = samples[i]
        a0 += x * basis[block, i, 0]
        a1 += x * basis[block, i, 1]
        a2 += x * basis[block, i, 2]
        a3 += x * basis[block, i, 3]
        a4 += x * basis[block, i, 4]
        a5 += x * basis[block, i, 5]
        a6 += x * basis[block, i, 6]
        a7 += x * basis[block, i, 7]
    o = 8 * block
    out[o], out[o + 1], out[o + 2], out[o + 3] = a0, a1, a2, a3
    out[o + 4], out[o + 5], out[o + 6], out[o + 7] = a4, a5, a6, a7


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

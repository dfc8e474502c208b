"""Kernels: windowed power spectrum, log bands, harmonicity."""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_jit import kernel

FFT_SIZE = 256
HALF = 128
BANDS = 18


@kernel
def power_spectrum(samples, window, twiddles, work, power):  # type: ignore[no-untyped-def]
    """|FFT|² of 256 windowed real samples → power[129]. ``work`` is float32[4, 128], ``twiddles`` float32[2, 256].

    Complex Stockham radix 2 of length 128 on even and odd samples, then the usual split (Press et al., Numerical Recipes 12.3).
    """
    for n in range(HALF):
        work[0, n] = samples[2 * n] * window[2 * n]
        work[1, n] = samples[2 * n + 1] * window[2 * n + 1]
    source, target = 0, 2
    size, stride = HALF, 1
    while size > 1:
        half = size // 2
        step = FFT_SIZE // size
        for p in range(half):
            cosine = twiddles[0, p * step]
            sine = twiddles[1, p * step]
            for q in range(stride):
                a = q + stride * p
                b = a + stride * half
                c = q + stride * 2 * p
                ar, ai = work[source, a], work[source + 1, a]
                br, bi = work[source, b], work[source + 1, b]
                dr, di = ar - br, ai - bi
                work[target, c] = ar + br
                work[target + 1, c] = ai + bi
                work[target, c + stride] = dr * cosine - di * sine
                work[target + 1, c + stride] = dr * sine + di * cosine
        source, target = target, source
        size = half
        stride *= 2
    for k in range(HALF + 1):
        i = k % HALF
        j = (HALF - k) % HALF
        even_r = 0.5 * (work[source, i] + work[source, j])
        even_i = 0.5 * (work[source + 1, i] - work[source + 1, j])
        odd_r = 0.5 * (work[source + 1, i] + work[source + 1, j])
        odd_i = 0.5 * (work[source, j] - work[source, i])
        re = even_r + twiddles[0, k] * odd_r - twiddles[1, k] * odd_i
        im = even_i + twiddles[0, k] * odd_i + twiddles[1, k] * odd_r
        power[k] = re * re + im * im


@kernel
def band_levels(power, band_edges, scale, floor, levels):  # type: ignore[no-untyped-def]
    """Power spectrum → dB of each band (10·log10(scale·sum + floor)), float32[BANDS]."""
    for band in range(levels.shape[0]):
        total = np.float32(0.0)
        for k in range(band_edges[band], band_edges[band + 1]):
            total += power[k]
        levels[band] = 10.0 * math.log10(total * scale + floor)


@kernel
def harmonicity(power, twiddles, window_correlation, ones, mirrored, work, correlation):  # type: ignore[no-untyped-def]
    """Highest normalised autocorrelation at pitch lags (73-400 Hz at 8 kHz) → (value in [0, 1], lag in samples).

    The autocorrelation is the transform of the power spectrum, which is real and even: its power is the squared correlation.
    """
    for k in range(HALF + 1):
        mirrored[k] = power[k]
    for k in range(1, HALF):
        mirrored[FFT_SIZE - k] = power[k]
    power_spectrum(mirrored, ones, twiddles, work, correlation)
    total = correlation[0]
    if total <= 0.0:
        return 0.0, 0.0
    best, best_lag = 0.0, 0.0
    previous = correlation[19] / total
    here = correlation[20] / total
    for lag in range(20, 110):
        after = correlation[lag + 1] / total
        if here >= previous and here >= after:
            value = math.sqrt(here) / window_correlation[lag]
            if value > best:
                best, best_lag = value, float(lag)
        previous, here = here, after
    return min(best, 1.0), best_lag

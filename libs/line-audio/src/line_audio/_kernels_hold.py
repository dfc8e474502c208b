"""Kernels of the speech and music classifier: features of the present and of the last seconds, and a small network."""

from __future__ import annotations

import math

import numpy as np

from line_audio._kernels_jit import kernel
from line_audio._kernels_spectrum import BANDS, band_levels, harmonicity, power_spectrum

BASE = BANDS + 4  #: band shape, relative level, flux, harmonicity, pitch change
FEATURES = 6 * BASE + 4

#: rows of the running statistics, float32[STATISTICS, BASE]
MEAN_FAST, MEAN_MIDDLE, MEAN_SLOW, SQUARE_MIDDLE, SQUARE_SLOW, PREVIOUS, EXTRA, STATISTICS = range(8)
#: columns of row EXTRA
X_REFERENCE, X_LOW_SHARE, X_LOW_SHARE_LONG, X_ACTIVE, X_LAG, X_STARTED, X_LEVEL_DBM0, X_FLUX_BEAT = range(8)

RATE_FAST, RATE_MIDDLE, RATE_SLOW, RATE_LONG = 0.22, 0.065, 0.0165, 0.0066  #: 80 ms, 0.3 s, 1.2 s, 3 s
REFERENCE_FALL_DB = 0.04  #: 2 dB a second
SILENT_DBM0 = -62.0
LOW_DB = -14.0
ACTIVE_DB = -26.0


@kernel
def describe(power, tables, statistics, base, features, mirrored, work, correlation, bands):  # type: ignore[no-untyped-def]
    """Update the running statistics with one frame's spectrum and write the feature vector.

    All levels are relative to a slowly falling reference of the line, so that the vector does not depend on gain.
    """
    total = 0.0
    for k in range(tables.band_edges[0], tables.band_edges[BANDS]):
        total += power[k]
    level = 10.0 * math.log10(total * tables.scale + 1e-9)
    extra = statistics[EXTRA]
    extra[X_LEVEL_DBM0] = level
    if extra[X_STARTED] == 0.0:
        extra[X_STARTED] = 1.0
        extra[X_REFERENCE] = SILENT_DBM0 + 10.0
    extra[X_REFERENCE] = max(max(extra[X_REFERENCE] - REFERENCE_FALL_DB, level - 3.0), SILENT_DBM0 + 10.0)
    relative = max(level - extra[X_REFERENCE], -50.0)
    active = level > SILENT_DBM0 and relative > ACTIVE_DB
    band_levels(power, tables.band_edges, tables.scale, tables.floor, bands)
    flux = 0.0
    for b in range(BANDS):
        shape = min(max((bands[b] - level) / 15.0, -3.0), 0.5)
        flux += abs(shape - statistics[PREVIOUS, b])
        base[b] = shape
    base[BANDS] = relative / 15.0
    base[BANDS + 1] = flux / BANDS * 3.0
    if active:
        clarity, lag = harmonicity(power, tables.twiddles, tables.window_correlation, tables.ones, mirrored, work, correlation)
    else:
        clarity, lag = 0.0, 0.0
    base[BANDS + 2] = clarity
    base[BANDS + 3] = min(abs(lag - extra[X_LAG]), 20.0) / 20.0
    extra[X_LAG] = lag
    for i in range(BASE):
        statistics[PREVIOUS, i] = base[i]
    update_statistics(statistics, base, active, relative)
    write_features(statistics, base, features)
    return level


@kernel
def update_statistics(statistics, base, active, relative):  # type: ignore[no-untyped-def]
    """Means and squares over three spans; what is not sound changes only the shares of low frames."""
    extra = statistics[EXTRA]
    low = 1.0 if relative < LOW_DB else 0.0
    extra[X_LOW_SHARE] += RATE_SLOW * (low - extra[X_LOW_SHARE])
    extra[X_LOW_SHARE_LONG] += RATE_LONG * (low - extra[X_LOW_SHARE_LONG])
    extra[X_ACTIVE] += RATE_MIDDLE * ((1.0 if active else 0.0) - extra[X_ACTIVE])
    extra[X_FLUX_BEAT] += RATE_LONG * (base[BANDS + 1] - extra[X_FLUX_BEAT])
    for i in range(BASE):
        value = base[i]
        if not active and i != BANDS:
            continue
        statistics[MEAN_FAST, i] += RATE_FAST * (value - statistics[MEAN_FAST, i])
        statistics[MEAN_MIDDLE, i] += RATE_MIDDLE * (value - statistics[MEAN_MIDDLE, i])
        statistics[MEAN_SLOW, i] += RATE_SLOW * (value - statistics[MEAN_SLOW, i])
        statistics[SQUARE_MIDDLE, i] += RATE_MIDDLE * (value * value - statistics[SQUARE_MIDDLE, i])
        statistics[SQUARE_SLOW, i] += RATE_SLOW * (value * value - statistics[SQUARE_SLOW, i])


@kernel
def write_features(statistics, base, features):  # type: ignore[no-untyped-def]
    for i in range(BASE):
        features[i] = base[i]
        features[BASE + i] = statistics[MEAN_FAST, i]
        features[2 * BASE + i] = statistics[MEAN_MIDDLE, i]
        features[3 * BASE + i] = statistics[MEAN_SLOW, i]
        features[4 * BASE + i] = math.sqrt(max(statistics[SQUARE_MIDDLE, i] - statistics[MEAN_MIDDLE, i] ** 2, 0.0) + 1e-6)
        features[5 * BASE + i] = math.sqrt(max(statistics[SQUARE_SLOW, i] - statistics[MEAN_SLOW, i] ** 2, 0.0) + 1e-6)
    extra = statistics[EXTRA]
    features[6 * BASE] = extra[X_LOW_SHARE]
    features[6 * BASE + 1] = extra[X_LOW_SHARE_LONG]
    features[6 * BASE + 2] = extra[X_ACTIVE]
    features[6 * BASE + 3] = extra[X_FLUX_BEAT]


@kernel
def dense(inputs, weights, biases, rectify, outputs):  # type: ignore[no-untyped-def]
    """outputs = inputs · weights + biases, negative values cut when ``rectify``."""
    width = biases.shape[0]
    for j in range(width):
        outputs[j] = biases[j]
    for i in range(weights.shape[0]):
        x = inputs[i]
        for j in range(width):
            outputs[j] += x * weights[i, j]
    if rectify:
        for j in range(width):
            outputs[j] = max(outputs[j], np.float32(0.0))


@kernel
def classify(features, network, first, second, scores):  # type: ignore[no-untyped-def]
    """Probability of speech and of music, independent of each other → scores[2]."""
    dense(features, network.w1, network.b1, True, first)
    dense(first, network.w2, network.b2, True, second)
    dense(second, network.w3, network.b3, False, scores)
    for j in range(2):
        scores[j] = 1.0 / (1.0 + math.exp(-scores[j]))


@kernel
def describe_all(spectra, tables, statistics, out):  # type: ignore[no-untyped-def]
    """Features of consecutive frames, float32[n, FEATURES], from their spectra: for training and analysis."""
    base = np.zeros(BASE, np.float32)
    mirrored = np.zeros(256, np.float32)
    work = np.zeros((4, 128), np.float32)
    correlation = np.zeros(129, np.float32)
    bands = np.zeros(BANDS, np.float32)
    for n in range(spectra.shape[0]):
        describe(spectra[n], tables, statistics, base, out[n], mirrored, work, correlation, bands)


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

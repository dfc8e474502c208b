"""Each kernel against its naive twin."""

from __future__ import annotations

import numpy as np
import pytest
from line_audio import (
    _kernels_dtmf,
    _kernels_fingerprint,
    _kernels_goertzel,
    _kernels_hold,
    _kernels_spectrum,
    fingerprint,
    goertzel,
    spectrum,
)

from tests.unit.line_audio import naive

pytestmark = pytest.mark.unit
RNG = np.random.default_rng(7)


def test_power_spectrum() -> None:
    samples = (RNG.standard_normal(256) * 3000).astype(np.float32)
    expected = naive.power_spectrum(samples.astype(np.float64), spectrum.tables().window)
    np.testing.assert_allclose(spectrum.power(samples), expected, rtol=2e-3, atol=expected.max() * 1e-6)


def test_projections() -> None:
    samples = RNG.standard_normal(160).astype(np.float32)
    basis = RNG.standard_normal((160, 8)).astype(np.float32)
    np.testing.assert_allclose(goertzel.projections(samples, basis), naive.projections(samples, basis), rtol=1e-3, atol=1e-3)
    out = np.zeros(8, np.float32)
    _kernels_goertzel.project8(samples, basis[None], 0, out)
    np.testing.assert_allclose(out, naive.projections(samples, basis), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("hz", [697.0, 1000.5, 1633.0])
def test_amplitude_of_one_frequency(hz: float) -> None:
    samples = (1000 * np.sin(2 * np.pi * 1000 * np.arange(400) / 8000)).astype(np.float32)
    radians = 2 * np.pi * hz / 8000
    assert _kernels_goertzel.amplitude_at(samples, 0, 400, radians) == pytest.approx(
        naive.amplitude_at(samples, radians), rel=1e-3, abs=0.1
    )


def test_subtracting_sines() -> None:
    radians = [0.6, 1.1]
    n = np.arange(320)
    samples = (900 * np.sin(0.6 * n) + 400 * np.cos(1.1 * n) + RNG.standard_normal(320) * 50).astype(np.float32)
    residual, amplitudes = np.zeros(320, np.float32), np.zeros(2)
    left = _kernels_dtmf.subtract_sines(samples, 0, 320, np.array(radians), 2, residual, amplitudes)
    expected = naive.residual_of_sines(samples.astype(np.float64), radians)
    np.testing.assert_allclose(residual, expected, atol=0.05)
    assert left == pytest.approx(float(np.sum(expected**2)), rel=1e-3)
    assert amplitudes == pytest.approx([900, 400], rel=0.02)


def test_dense_layer() -> None:
    inputs, weights, biases = (RNG.standard_normal(shape).astype(np.float32) for shape in (12, (12, 5), 5))
    out = np.zeros(5, np.float32)
    _kernels_hold.dense(inputs, weights, biases, False, out)
    np.testing.assert_allclose(out, naive.dense(inputs, weights, biases), rtol=1e-4, atol=1e-4)


def test_harmonicity_tells_a_buzz_from_noise() -> None:
    t = spectrum.tables()
    buzz = sum(np.sin(2 * np.pi * 125 * h * np.arange(256) / 8000) for h in range(1, 8))
    scratch = (np.zeros(256, np.float32), np.zeros((4, 128), np.float32), np.zeros(129, np.float32))
    heard = [
        _kernels_spectrum.harmonicity(spectrum.power(x), t.twiddles, t.window_correlation, t.ones, *scratch)
        for x in (np.asarray(buzz) * 1000, RNG.standard_normal(256) * 1000)
    ]
    assert heard[0][0] > 0.95
    assert heard[0][1] == 64
    assert heard[1][0] < 0.5


def test_fingerprint_comparison_counts_bits_of_comparable_words() -> None:
    live = RNG.integers(0, 1 << 16, 40).astype(np.uint16)
    known = RNG.integers(0, 1 << 16, 40).astype(np.uint16)
    live[3] = known[9] = 0
    ring = np.zeros(_kernels_fingerprint.RING, np.uint16)
    ring[:40] = live
    found = _kernels_fingerprint.compare(ring, 39, known, 39, 40, fingerprint._popcount())
    assert found == naive.bit_errors([int(x) for x in live], [int(x) for x in known])

"""Each kernel against its naive twin."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from line_audio import (
    _kernels_fingerprint,
    _kernels_goertzel,
    _kernels_hold,
    _kernels_sines,
    cadence,
    dtmf,
    fingerprint,
    frequencies,
    goertzel,
    hold,
    spectrum,
    tone_plan,
)
from numpy.typing import NDArray

from tests.support.real_audio import clip
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


def test_folded_projections() -> None:
    samples = RNG.standard_normal(160).astype(np.float32)
    columns = goertzel.waves([697.0, 941.0, 1209.0], 160)
    even, odd, out = (np.zeros(256, np.float32) for _ in range(3))
    _kernels_goertzel.fold(samples, even, odd)
    _kernels_goertzel.project_folded(even, odd, goertzel.halves(columns[:, ::2], columns[:, 1::2]), 0, out)
    np.testing.assert_allclose(out[:3], naive.projections(samples, columns[:, ::2]), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(out[8:11], naive.projections(samples, columns[:, 1::2]), rtol=1e-3, atol=1e-3)


def test_measures_of_frames() -> None:
    plan, digits = cadence.tables(tone_plan.load("uk")), dtmf.tables()
    bank = frequencies.bank(plan, digits)
    frames = (RNG.standard_normal((3, 5, 160)) * 2000).astype(np.int16)
    history, clock = (RNG.standard_normal((3, 400)) * 2000).astype(np.float32), np.array([[0.0, 400.0]] * 3)
    out = np.zeros((3, 5, bank.width), np.float32)
    frequencies.measure(frames, np.arange(3), history, clock, bank, out)
    for line, j in itertools.product(range(3), range(5)):
        block = np.concatenate([history[line, -160:], *frames[line]])[160 * j : 160 * j + 320].astype(np.float64)
        np.testing.assert_allclose(out[line, j], naive.measures(block, digits.basis, plan.basis), rtol=1e-3, atol=1.0)


def test_measures_do_not_depend_on_what_is_measured_together() -> None:
    bank = frequencies.bank(cadence.tables(tone_plan.load("us")), dtmf.tables())
    frames = (RNG.standard_normal((5, 3, 160)) * 2000).astype(np.int16)
    history, clock = np.zeros((5, 400), np.float32), np.array([[0.0, 400.0]] * 5)
    together = np.zeros((5, 3, bank.width), np.float32)
    frequencies.measure(frames, np.arange(5), history, clock, bank, together)
    for line in range(5):
        alone = np.zeros((1, 3, bank.width), np.float32)
        frequencies.measure(frames[line : line + 1], np.array([line]), history, clock, bank, alone)
        np.testing.assert_array_equal(alone[0], together[line])


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
    left = _kernels_sines.subtract_sines(samples, 0, 320, np.array(radians), 2, residual, amplitudes)
    expected = naive.residual_of_sines(samples.astype(np.float64), radians)
    np.testing.assert_allclose(residual, expected, atol=0.05)
    assert left == pytest.approx(float(np.sum(expected**2)), rel=1e-3)
    assert amplitudes == pytest.approx([900, 400], rel=0.02)


def test_frequency_of_a_spectral_peak() -> None:
    samples = (900 * np.sin(0.6 * np.arange(336)) + RNG.standard_normal(336) * 30).astype(np.float32)
    assert _kernels_sines.refine_frequency(samples, 0, 336, 0.59) == pytest.approx(naive.spectral_peak(samples, 0.59), rel=3e-4)


def test_envelope_of_a_tone() -> None:
    samples = np.where(np.arange(800) < 400, 1000.0, 300.0) * np.sin(0.6 * np.arange(800))
    out = np.zeros(200)
    count = _kernels_sines.envelope(samples.astype(np.float32), 0, 800, 0.6, out)
    np.testing.assert_allclose(out[:count], naive.envelope(samples, 0.6), rtol=0.02, atol=10)


def noisy_chord() -> NDArray[np.float64]:
    n = np.arange(160 * 40)
    chord = sum(np.sin(2 * np.pi * hz * n / 8000) for hz in (220.0, 331.0, 880.0))
    return np.asarray(chord * 1500 * (1 + 0.5 * np.sin(n / 900)) + RNG.standard_normal(n.size) * 40)


def test_description_of_frames() -> None:
    t = spectrum.tables()
    samples = noisy_chord()
    vectors = hold.features(samples)
    padded = np.concatenate([np.zeros(96), samples])
    powers = np.array([naive.power_spectrum(padded[160 * n : 160 * n + 256], t.window) for n in range(40)])
    a_frame = naive.described(powers, t.band_edges, t.scale)
    np.testing.assert_allclose(vectors[:, : 2 * _kernels_hold.A_FRAME], a_frame.reshape(20, -1), atol=5e-3)
    moved = vectors[5:, 2 * _kernels_hold.A_FRAME : 2 * _kernels_hold.A_FRAME + _kernels_hold.CHANGES]
    np.testing.assert_allclose(moved, [naive.changes(powers, t.scale, 2 * n + 1) for n in range(5, 20)], atol=5e-3)


def test_network() -> None:
    samples = clip("prompt_en")[: 8000 * 4]
    weights = {name: value.astype(np.float64) for name, value in hold.network()._asdict().items()}
    np.testing.assert_allclose(hold.probabilities(samples), naive.judged(hold.features(samples), weights), atol=0.02)


def test_gain_hardly_changes_the_description() -> None:
    samples = noisy_chord()
    loud, quiet = (hold.features(samples * gain)[6:] for gain in (2.0, 0.5))
    assert np.abs(loud - quiet).mean() < 0.05


def test_pitch_of_a_buzz_is_clear_and_that_of_noise_is_not() -> None:
    n = np.arange(160 * 20)
    buzz = sum(np.sin(2 * np.pi * 125 * h * n / 8000) for h in range(1, 8))
    clarity = [hold.features(x)[5:, -_kernels_hold.PITCH] for x in (np.asarray(buzz) * 1000, RNG.standard_normal(n.size) * 1000)]
    period = hold.features(np.asarray(buzz) * 1000)[5:, 1 - _kernels_hold.PITCH]
    assert clarity[0].min() > 0.95
    assert clarity[1].mean() < 0.5
    np.testing.assert_allclose(period, np.log2(64 + 1) - 5.7, atol=0.1)


def test_fingerprint_comparison_counts_bits_of_comparable_words() -> None:
    live = RNG.integers(0, 1 << 16, 40).astype(np.uint16)
    known = RNG.integers(0, 1 << 16, 40).astype(np.uint16)
    live[3] = known[9] = 0
    ring = np.zeros(_kernels_fingerprint.RING, np.uint16)
    ring[:40] = live
    found = _kernels_fingerprint.compare(ring, 39, known, 39, 40, fingerprint._popcount())
    assert found == naive.bit_errors([int(x) for x in live], [int(x) for x in known])

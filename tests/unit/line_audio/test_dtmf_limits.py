"""The receiver at the limits of ITU-T Q.24 (AT&T column): what it must accept and what it must refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from line_audio import dtmf, generate
from numpy.typing import NDArray

pytestmark = pytest.mark.unit
ALL = generate.DTMF_DIGITS


def heard(sound: generate.Samples, noise_dbm0: float | None = None, lead: int = 777) -> str:
    line = np.concatenate([np.zeros(lead), sound, np.zeros(800)])
    if noise_dbm0 is not None:
        line = line + generate.white_noise(line.size / 8000, noise_dbm0, seed=3)
    return "".join(digit.digit for digit in dtmf.receive(generate.through_mu_law(generate.to_pcm(line))))


ACCEPT: dict[str, dict[str, Any]] = {
    "40 ms on, 40 ms off": {"on_ms": 40, "off_ms": 40},
    "10 digits a second": {"on_ms": 50, "off_ms": 50},
    "+1.5 % both": {"row_error": 0.015, "column_error": 0.015, "on_ms": 40, "off_ms": 40},
    "-1.5 % both": {"row_error": -0.015, "column_error": -0.015, "on_ms": 40, "off_ms": 40},
    "+1.5 % and -1.5 %": {"row_error": 0.015, "column_error": -0.015},
    "high group 4 dB up": {"twist_db": 4.0, "on_ms": 50},
    "high group 8 dB down": {"twist_db": -8.0, "on_ms": 50},
    "loud": {"level_dbm0": -3.0},
    "-25 dBm0": {"level_dbm0": -25.0, "on_ms": 50},
}
REFUSE: dict[str, dict[str, Any]] = {
    "23 ms": {"on_ms": 23},
    "row +3.5 %": {"row_error": 0.035},
    "row -3.5 %": {"row_error": -0.035},
    "column +3.5 %": {"column_error": 0.035},
    "column -3.5 %": {"column_error": -0.035},
    "faint": {"level_dbm0": -32.0},
}


@pytest.mark.parametrize("case", ACCEPT)
def test_accepts(case: str) -> None:
    assert heard(generate.dtmf(ALL, phase=0.7, **ACCEPT[case])) == ALL


@pytest.mark.parametrize("case", REFUSE)
def test_refuses(case: str) -> None:
    assert heard(generate.dtmf(ALL, **REFUSE[case])) == ""


@pytest.mark.parametrize("snr_db", [15, 8])
def test_in_noise(snr_db: int) -> None:
    assert heard(generate.dtmf(ALL, on_ms=60, off_ms=60, level_dbm0=-12), noise_dbm0=-9 - snr_db) == ALL


@pytest.mark.parametrize("dial_dbm0", [-20.0, -12.0])
def test_under_dial_tone(dial_dbm0: float) -> None:
    digits = generate.dtmf(ALL, on_ms=60, off_ms=60)
    assert heard(digits + generate.sines([350, 440], digits.size / 8000, dial_dbm0)) == ALL


@pytest.mark.parametrize("at_ms", [12, 18, 25])
def test_an_interruption_of_10_ms_is_bridged(at_ms: int) -> None:
    digits = generate.dtmf("5", on_ms=50)
    digits[at_ms * 8 : at_ms * 8 + 80] = 0
    assert heard(digits) == "5"


def test_a_speech_codec_that_shakes_the_level_every_5_ms() -> None:
    digits = generate.dtmf(ALL, on_ms=60, off_ms=60, level_dbm0=-12)
    gains = 10 ** (np.random.default_rng(2).uniform(-3.5, 3.5, digits.size // 40) / 20)
    assert heard(digits * np.repeat(gains, 40)) == ALL


def test_a_chord_that_holds_both_tones() -> None:
    digits = generate.dtmf("5", on_ms=200, level_dbm0=-10)
    digits[:1600] += generate.sines([1985.0], 0.2, -18)
    assert heard(digits) == ""


def test_edges_are_exact_and_a_long_key_is_one_digit() -> None:
    line = generate.to_pcm(np.concatenate([np.zeros(1234), generate.dtmf("8", on_ms=1000), np.zeros(2000)]))
    (digit,) = dtmf.receive(line)
    assert abs(digit.start_sample - 1234) <= 8
    assert abs(digit.end_sample - 9234) <= 8
    assert digit.level_dbm0 == pytest.approx(-10.0, abs=0.3)


def test_lost_packets_do_not_double_digits() -> None:
    sent = "4071" * 4
    line = generate.to_pcm(np.concatenate([generate.dtmf(sent, on_ms=160, off_ms=120), np.zeros(800)]))
    got = "".join(d.digit for d in dtmf.receive(generate.lose_packets(line, 0.03, seed=5)))
    rest = iter(sent)
    assert all(digit in rest for digit in got)
    assert len(got) >= len(sent) - 1


def test_a_concealed_packet_behind_a_digit_is_not_another_press() -> None:
    line = generate.through_mu_law(generate.to_pcm(np.concatenate([np.zeros(800), generate.dtmf("6", on_ms=170), np.zeros(1600)])))
    line[14 * 160 : 15 * 160] = line[13 * 160 : 14 * 160] // 2  # half a packet of tone comes again, 10 ms after the digit's end
    (digit,) = dtmf.receive(line)
    assert (digit.digit, digit.start_sample) == ("6", 800)


@pytest.mark.parametrize("off_ms", [40, 60])
def test_the_same_key_again_is_another_press(off_ms: int) -> None:
    assert heard(generate.dtmf("6666", on_ms=150, off_ms=off_ms)) == "6666"


@pytest.mark.parametrize("seed", range(3))
def test_cutting_does_not_matter(seed: int) -> None:
    line = generate.to_pcm(np.concatenate([np.zeros(300), generate.dtmf("90#A", on_ms=55), np.zeros(1000)]))
    whole = dtmf.DtmfReceiver().feed(line)
    receiver = dtmf.DtmfReceiver()
    cuts = np.sort(np.random.default_rng(seed).integers(0, line.size, 9))
    parts: list[NDArray[np.int16]] = np.split(line, cuts)
    assert [d for part in parts for d in receiver.feed(part)] == whole


def test_two_plain_tones_that_are_no_pair() -> None:
    assert heard(generate.sines([697, 770], 0.2)) == ""
    assert heard(generate.sines([697, 1209, 2000], 0.2, -12)) == ""

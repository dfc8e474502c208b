"""G.711 against its definition, and the laws of a codec."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from line_audio import g711
from numpy.typing import NDArray

from tests.unit.line_audio import naive

pytestmark = pytest.mark.unit
CODES = np.arange(256, dtype=np.uint8)
PCM = np.arange(-32768, 32768).astype(np.int16)
Codec = Callable[[NDArray[np.generic]], NDArray[np.generic]]


def test_mu_law_decoding_is_the_standard_s() -> None:
    assert [int(x) for x in g711.decode_mu_law(CODES)] == [naive.g711_mu_law_decode(int(code)) for code in CODES]


@pytest.mark.parametrize(("encode", "decode"), [(g711.encode_mu_law, g711.decode_mu_law), (g711.encode_a_law, g711.decode_a_law)])
def test_decoded_values_survive_and_errors_are_small(encode: Codec, decode: Codec) -> None:
    steps = decode(CODES)
    np.testing.assert_array_equal(decode(encode(steps)), steps)
    error = np.abs(decode(encode(PCM)).astype(int) - PCM)
    assert np.all(error <= np.abs(PCM.astype(int)) * 0.035 + 16)


@pytest.mark.parametrize("silence", [(g711.SILENCE_MU_LAW, g711.encode_mu_law), (g711.SILENCE_A_LAW, g711.encode_a_law)])
def test_silence_codes(silence: tuple[int, Codec]) -> None:
    code, encode = silence
    assert int(encode(np.zeros(1, np.int16))[0]) == code

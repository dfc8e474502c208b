"""WAV files as recorders write them: every width, µ-law and A-law, the extensible header, any rate, any length, cut off anywhere."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from line_audio import g711
from line_audio.wav import UnreadableAudio, line_samples, opened

pytestmark = pytest.mark.unit

PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
TONE = np.rint(8000 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)).astype(np.int16)


def wav(data: bytes, *, encoding: int = PCM, bits: int = 16, channels: int = 1, rate: int = 8000) -> bytes:
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", encoding, channels, rate, rate * width, width, bits)
    if encoding == EXTENSIBLE:
        form += struct.pack("<HHI", 22, bits, 0) + struct.pack("<H", PCM) + bytes.fromhex("000000001000800000aa00389b71")
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"LIST" + struct.pack("<I", 3) + b"abc\0"
    chunks += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def three_bytes(samples: np.ndarray) -> bytes:
    return b"".join(struct.pack("<i", int(value) << 8)[:3] for value in samples)


@pytest.mark.parametrize(
    ("content", "within"),
    [
        (wav(TONE.tobytes()), 0),
        (wav(TONE.tobytes(), encoding=EXTENSIBLE), 0),
        (wav(three_bytes(TONE), bits=24), 0),
        (wav((TONE.astype("<i4") << 16).tobytes(), bits=32), 0),
        (wav((TONE.astype(np.float32) / 32768).tobytes(), encoding=FLOAT, bits=32), 0),
        (wav((TONE / 32768).tobytes(), encoding=FLOAT, bits=64), 0),
        (wav((TONE // 256 + 128).astype(np.uint8).tobytes(), bits=8), 255),
        (wav(g711.encode_mu_law(TONE).tobytes(), encoding=MU_LAW, bits=8), 260),
        (wav(g711.encode_a_law(TONE).tobytes(), encoding=A_LAW, bits=8), 260),
    ],
)
def test_every_encoding_says_the_same(content: bytes, within: int) -> None:
    heard = line_samples(opened(content))
    assert heard.dtype == np.int16
    assert np.max(np.abs(heard.astype(int) - TONE)) <= within


def test_channels_are_mixed_or_the_first_is_taken() -> None:
    content = wav(np.stack([TONE, np.zeros_like(TONE)], axis=1).tobytes(), channels=2)
    assert np.array_equal(line_samples(opened(content)), TONE)
    assert np.max(np.abs(line_samples(opened(content), mixed=True) * 2 - TONE)) <= 1


@pytest.mark.parametrize("rate", [6000, 11025, 16000, 44100, 48000])
def test_a_long_recording_of_another_rate_is_the_same_sound(rate: int) -> None:
    """Longer than what is converted in one piece: no seam is heard."""
    seconds = 131
    sound = 8000 * np.sin(2 * np.pi * 440 * np.arange(seconds * rate) / rate)
    heard = line_samples(opened(wav(np.rint(sound).astype("<i2").tobytes(), rate=rate)))
    wanted = 8000 * np.sin(2 * np.pi * 440 * np.arange(seconds * 8000) / 8000)
    assert heard.size == wanted.size
    assert np.max(np.abs(heard - wanted)[8:-8]) < 8


@pytest.mark.parametrize("length", [0, 1, 11, 12, 20, 35])
def test_a_file_without_its_beginning_cannot_be_read(length: int) -> None:
    with pytest.raises(UnreadableAudio):
        opened(wav(TONE.tobytes())[:length])


@pytest.mark.parametrize(
    "content",
    [
        wav(TONE.tobytes(), encoding=2), wav(TONE.tobytes(), bits=12), wav(TONE.tobytes(), channels=0), wav(TONE.tobytes(), rate=0),
        wav(TONE.tobytes(), rate=4_000_000), b"nothing of the kind" * 10,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableAudio):
        opened(content)


@pytest.mark.parametrize("missing", [1, 2, 3, 15_999, 16_000])
def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(missing: int) -> None:
    assert line_samples(opened(wav(TONE.tobytes())[:-missing])).size == (16_000 - missing) // 2


def test_values_that_are_no_numbers_are_silence() -> None:
    odd = np.array([np.nan, np.inf, -np.inf, 0.5], np.float32)
    assert list(line_samples(opened(wav(odd.tobytes(), encoding=FLOAT, bits=32)))) == [0, 32767, -32768, 16384]


def test_a_recorder_that_was_killed_before_it_could_say_how_much_there_is() -> None:
    whole = wav(b"")
    assert line_samples(opened(whole)).size == 0
    assert np.array_equal(line_samples(opened(whole + TONE.tobytes())), TONE)

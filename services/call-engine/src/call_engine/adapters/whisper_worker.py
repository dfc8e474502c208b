"""A worker process that turns speech into text: length-prefixed MessagePack on stdin and stdout, one utterance at a time.

Started by ``adapters/whisper.py`` as ``python -m call_engine.adapters.whisper_worker MODEL_FOLDER``. It runs niced and on one
thread: hearing and the lines come first, and a second thread hardly helps the encoder.

whisper invents words where nothing is said. Three gates keep that out: energy (before decoding), whisper's own doubt, and texts that
repeat themselves or are known inventions.
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from collections.abc import Sequence
from typing import Any, BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

NICENESS = 5
SAMPLE_RATE_HZ = 8000
GATE_DBFS = -55.0  #: loudest 100 ms below this: nothing intelligible
COMPRESSION_RATIO_MAX = 2.4  #: text that packs better than this repeats itself (whisper's own default)
LOG_PROB_MIN = -1.0
NO_SPEECH_MAX = 0.6
#: Silence around the audio: words at its very edges are heard worse. Samples at 8 kHz.
LEAD_SAMPLES, TAIL_SAMPLES = 2400, 4000
#: What came before, as whisper is told for menus: it then writes numerals and "For …, press 1." instead of "4 …".
MENU_STYLE = "For billing, press 1. To speak to an operator, press 2."
#: What whisper says to noise and music; believed only where it is sure that somebody speaks.
INVENTIONS = frozenset({"you", "thank you", "thanks for watching", "thank you for watching", "bye", "i", "so", "okay", "the", "subscribe"})
INVENTION_NO_SPEECH_MAX = 0.2


#: ``Heard.id`` of the first message: the model is loaded, or cannot be, and the text says why.
READY, UNUSABLE = 0, -1


class Job(msgspec.Struct, frozen=True):
    """``pcm`` is 8 kHz mono int16, little endian."""

    id: int
    pcm: bytes
    language: str
    hot_words: str
    purpose: str = "menu"


class Heard(msgspec.Struct, frozen=True):
    """``words`` are (text, start sample, end sample, probability), samples at 8 kHz after the start of the audio.

    ``log_prob`` and ``no_speech`` are the model's own doubt, of all that it made of the audio, words that were left out too: the mean
    natural logarithm of the probability of a token, and the probability that nobody speaks. None where it was not asked.
    """

    id: int
    text: str
    words: list[tuple[str, int, int, float]]
    language: str
    confidence: float
    log_prob: float | None = None
    no_speech: float | None = None


def upsampled(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """8 kHz int16 to 16 kHz float in [-1, 1): band-limited, by padding the spectrum."""
    spectrum = np.fft.rfft(samples.astype(np.float64) / 32768.0)
    wide = np.zeros(len(samples) + 1, dtype=complex)
    wide[: len(spectrum)] = spectrum
    return (np.fft.irfft(wide, 2 * len(samples)) * 2).astype(np.float32)


def is_quiet(samples: NDArray[np.int16]) -> bool:
    """Whether no 100 ms of it reach the gate."""
    block = SAMPLE_RATE_HZ // 10
    whole = samples[: len(samples) // block * block].reshape(-1, block).astype(np.float64) / 32768.0
    if not len(whole):
        return True
    return bool(10 * np.log10(np.max(np.mean(np.square(whole), axis=1)) + 1e-12) < GATE_DBFS)


def is_invented(text: str, no_speech: float, log_prob: float) -> bool:
    """Whether a segment's text is one that whisper makes up."""
    plain = "".join(c for c in text.lower() if c.isalnum() or c == " ").strip()
    if not plain:
        return True
    if repeats_itself(plain):
        return True
    if no_speech > NO_SPEECH_MAX and log_prob < LOG_PROB_MIN / 2:
        return True
    return log_prob < 2 * LOG_PROB_MIN or (plain in INVENTIONS and no_speech > INVENTION_NO_SPEECH_MAX)


def repeats_itself(text: str) -> bool:
    """Whether decoding went round in circles, as it does in music and in languages that the model does not know."""
    raw = text.encode()
    return len(raw) > 40 and len(raw) / len(zlib.compress(raw)) > COMPRESSION_RATIO_MAX


class Recogniser:
    def __init__(self, folder: str) -> None:
        from call_engine.adapters.whisper_window import ShortWindowModel  # the engine imports this file, and needs no model

        self._model = ShortWindowModel(folder, device="cpu", compute_type="int8", cpu_threads=1, num_workers=1, local_files_only=True)

    def hear(self, job: Job) -> Heard:
        samples = np.frombuffer(job.pcm, dtype="<i2")
        if is_quiet(samples):
            return Heard(job.id, "", [], job.language or "en", 1.0)
        language = (job.language or "en") if self._model.model.is_multilingual else "en"
        padded = np.pad(samples, (LEAD_SAMPLES, TAIL_SAMPLES))
        segments, info = self._model.transcribe(
            upsampled(padded), language=language, beam_size=1, temperature=0.0, condition_on_previous_text=False, word_timestamps=True,
            hotwords=hints(job, language), vad_filter=False, no_speech_threshold=None,
        )  # fmt: skip
        found = list(segments)
        kept = [s for s in found if not is_invented(s.text, s.no_speech_prob, s.avg_logprob)]
        if job.purpose != "menu" and repeats_itself(" ".join(s.text for s in kept)):
            kept = []  # the same sentence over and over; a menu does say much of it again
        words = [
            (w.word.strip(), _place(w.start, len(samples)), _place(w.end, len(samples)), round(float(w.probability), 3))
            for s in kept for w in s.words or ()
        ]  # fmt: skip
        confidence = sum(w[3] for w in words) / len(words) if words else 1.0
        text = " ".join(s.text.strip() for s in kept)
        return Heard(job.id, text, words, info.language, round(confidence, 3), *doubt(found))


def doubt(segments: Sequence[Any]) -> tuple[float, float] | tuple[None, None]:
    """The log probability of a token and the probability that nobody speaks, over segments; every token weighs alike."""
    tokens = sum(len(s.tokens) for s in segments)
    if not tokens:
        return None, None
    log_prob, no_speech = (
        sum(len(s.tokens) * value for s, value in zip(segments, values, strict=True)) / tokens
        for values in ([s.avg_logprob for s in segments], [s.no_speech_prob for s in segments])
    )
    return round(log_prob, 3), round(no_speech, 3)


def hints(job: Job, language: str) -> str | None:
    """What the model is told came before. On menus the style counts for more than names do."""
    return MENU_STYLE if job.purpose == "menu" and language == "en" else job.hot_words or None


def _place(seconds: float, length: int) -> int:
    """Where in the audio, without its padding."""
    return min(max(int(seconds * SAMPLE_RATE_HZ) - LEAD_SAMPLES, 0), length)


def read_frame(stream: BinaryIO) -> bytes:
    """The next message, empty at the end of the stream."""
    head = stream.read(4)
    return stream.read(struct.unpack("<I", head)[0]) if len(head) == 4 else b""


def write_frame(stream: BinaryIO, message: Any) -> None:
    body = msgspec.msgpack.encode(message)
    stream.write(struct.pack("<I", len(body)) + body)
    stream.flush()


def main() -> None:
    os.nice(NICENESS)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the answers
    try:
        recogniser = Recogniser(sys.argv[1])
    except MemoryError:
        raise  # no fault of the model's
    except Exception as problem:  # noqa: BLE001 - whatever its loaders make of a file that is broken
        write_frame(out, Heard(UNUSABLE, str(problem) or type(problem).__name__, [], "", 0.0))
        return
    write_frame(out, Heard(READY, "", [], "", 1.0))
    while body := read_frame(sys.stdin.buffer):
        write_frame(out, recogniser.hear(msgspec.msgpack.decode(body, type=Job)))


if __name__ == "__main__":
    main()

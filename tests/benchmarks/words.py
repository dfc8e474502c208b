"""How well and how fast words are recognised: recorded English prompts at 8 kHz µ-law, and what is made of sound without words.

``HEARING_PROMPTS`` (default 150) prompts of Debian's asterisk-core-sounds-en, whose texts the package ships.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from call_engine.adapters.whisper import WhisperPool, model_folder
from call_engine.adapters.whisper_worker import Job, Recogniser
from line_audio import generate
from numpy.typing import NDArray

from tests.benchmarks.hearing_peers import corpus

Pcm = NDArray[np.int16]
Figure = dict[str, Any]
PROMPTS = int(os.environ.get("HEARING_PROMPTS", "150"))
SHORTEST_S, LONGEST_S = 1.0, 15.0
HEARD_SAMPLES, MUSIC_SAMPLES = 300 * 8000, 10 * 8000
SPELT = {"uh": "", "um": "", "okay": "ok", "pound": "pound", "#": "pound", "*": "star"}


#: Both ways of writing the same words; whisper's own normaliser does so, too.
CONTRACTIONS = {
    r"\bcan't\b": "can not", r"\bcannot\b": "can not", r"n't\b": " not", r"'m\b": " am", r"'re\b": " are", r"'ve\b": " have",
    r"'ll\b": " will", r"\b(it|that|there|here|what|he|she)'s\b": r"\1 is",
}  # fmt: skip


def plain(text: str) -> list[str]:
    """Words as they sound: no case, no punctuation, digits as words, contractions in full; what is in parentheses is not said."""
    text = re.sub(r"\(.*?\)", " ", text.lower())
    for short, full in CONTRACTIONS.items():
        text = re.sub(short, full, text)
    text = re.sub(r"(?<=\d)(?=\d)", " ", text.replace("#", " pound ").replace("*", " star ").replace("-", " "))
    words = re.sub(r"[^a-z0-9' ]", " ", text).split()
    return [_DIGITS.get(word, SPELT.get(word, word)) for word in words if _DIGITS.get(word, SPELT.get(word, word))]


_DIGITS = dict(zip("0123456789", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True))


def joined(words: list[str], others: list[str]) -> list[str]:
    """Two words that the other side writes as one ("log in", "login") are one."""
    known, out, at = set(others), [], 0
    while at < len(words):
        both = "".join(words[at : at + 2])
        pair = at + 1 < len(words) and both in known and both not in words
        out.append(both if pair else words[at])
        at += 1 + pair
    return out


def distance(wanted: list[str], got: list[str]) -> int:
    """Words to insert, delete or replace."""
    wanted, got = joined(wanted, got), joined(got, wanted)
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        above, row[0] = row[0], i
        for j, heard in enumerate(got, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (word != heard))
    return row[-1]


def prompts() -> list[tuple[str, Pcm]]:
    """Every n-th of the prompts whose text is words."""
    (texts,) = corpus.fetch("asterisk-core-sounds-en").rglob("core-sounds-en.txt.gz")
    lines = gzip.decompress(texts.read_bytes()).decode().splitlines()
    said = dict(line.split(":", 1) for line in lines if ":" in line and not line.startswith(";") and "[" not in line and "..." not in line)
    folder = corpus.fetch("asterisk-core-sounds-en-wav")
    found = []
    for path in sorted(folder.rglob("*.wav")):
        text = said.get(str(path).partition("en_US_f_Allison/")[2].removesuffix(".wav") or path.stem, said.get(path.stem, "")).strip()
        if len(plain(text)) >= 3:
            clip = corpus._decode(path, LONGEST_S)
            if SHORTEST_S * 8000 <= clip.size < LONGEST_S * 8000:
                found.append((text, generate.through_mu_law(generate.to_pcm(clip.astype(np.float64) * 32768))))
    return [found[i] for i in np.linspace(0, len(found) - 1, min(PROMPTS, len(found))).astype(int)]


def run() -> Iterator[Figure]:
    recogniser = Recogniser(str(model_folder("")))
    chosen = prompts()
    recogniser.hear(Job(0, chosen[0][1].tobytes(), "en", "", "menu"))
    wrong = words = 0
    seconds = sum(samples.size for _, samples in chosen) / 8000
    started = time.process_time()
    for number, (text, samples) in enumerate(chosen):
        heard = recogniser.hear(Job(number, samples.tobytes(), "en", "", "candidate"))
        wrong, words = wrong + distance(plain(text), plain(heard.text)), words + len(plain(text))
    cpu = time.process_time() - started
    yield _figure("wer", 100 * wrong / words, f"% of {words} words in {len(chosen)} prompts, mu-law", "base, multilingual (facts)", 4.1)
    yield _figure("words_speed", seconds / cpu, f"x real time on one thread; {1000 * cpu / len(chosen):.0f} ms an utterance")
    yield _figure("words_invented", *invented(recogniser))
    yield _figure("words_pool_speed", asyncio.run(pooled([samples for _, samples in chosen[:40]])), "x real time, two workers")
    yield _figure("hear_speed", hear_speed([samples for _, samples in chosen]), "x real time: `hear` on 5 min, its start included")


def hear_speed(spoken: list[Pcm]) -> float:
    """The whole command on a recording of prompts with music between every three."""
    tunes = [clip for package in corpus.packages("test", "music") for clip in corpus.clips(package, "music")[:2]]
    music = [tune[:MUSIC_SAMPLES].astype(np.float64) * 32768 for tune in tunes if tune.size >= MUSIC_SAMPLES]
    parts: list[Pcm] = []
    for number, prompt in enumerate(spoken * 3):
        parts += [prompt, np.zeros(8000, np.int16)]
        if number % 3 == 2:
            parts.append(generate.through_mu_law(generate.to_pcm(music[number // 3 % len(music)])))
    whole = np.concatenate(parts)[:HEARD_SAMPLES]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "queue.wav"
        with wave.open(str(path), "wb") as wav:
            wav.setparams((1, 2, 8000, 0, "NONE", ""))
            wav.writeframes(whole.astype("<i2").tobytes())
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "call_engine", "hear", str(path), "--json"], check=True, stdout=subprocess.DEVNULL)
        return len(whole) / 8000 / (time.perf_counter() - started)


def invented(recogniser: Recogniser) -> tuple[float, str]:
    """Silence, noise at three levels and music: how many pieces of 5 s get any word."""
    rng = np.random.default_rng(5)
    sounds = [np.zeros(40_000, np.int16)] * 4
    sounds += [generate.to_pcm(generate.white_noise(5.0, level, int(rng.integers(1 << 30)))) for level in (-60, -45, -30) for _ in range(4)]
    for package in corpus.packages("test", "music"):
        for clip in corpus.clips(package, "music")[:6]:
            start = int(rng.integers(max(1, clip.size - 40_000)))
            sounds.append(generate.through_mu_law(generate.to_pcm(clip[start : start + 40_000].astype(np.float64) * 32768)))
    got = [recogniser.hear(Job(0, sound.tobytes(), "en", "", "candidate")).text for sound in sounds]
    return 100 * sum(map(bool, got)) / len(got), f"% of {len(got)} pieces of silence, noise and music that got words"


async def pooled(pieces: list[Pcm]) -> float:
    pool = WhisperPool(model_folder(""), workers=2, queue_max=len(pieces))
    await pool.transcribe(pieces[0], purpose="menu", language="en", hot_words="")
    started = time.perf_counter()
    await asyncio.gather(*(pool.transcribe(one, purpose="menu", language="en", hot_words="") for one in pieces))
    took = time.perf_counter() - started
    await pool.close()
    return sum(one.size for one in pieces) / 8000 / took


def _figure(name: str, value: float, unit: str, peer: str = "", peer_value: float | None = None) -> Figure:
    ratio = round(value / peer_value, 3) if peer_value else None
    return {"name": f"hearing.{name}", "value": round(value, 3), "unit": unit, "peer": peer, "peer_value": peer_value, "ratio": ratio}

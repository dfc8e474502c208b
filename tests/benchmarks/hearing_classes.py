"""Speech, music and speech over music on packages that nothing was chosen on; Silero VAD on the same audio.

Frames of 20 ms as the ear's segments name them. A pause inside a sentence counts for neither side (see ``training/compose.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from line_audio import ear, generate
from line_audio.segments import Label, SegmentClosed, SegmentOpened
from numpy.typing import NDArray

from tests.benchmarks import hearing_peers as peers
from tests.benchmarks.hearing_peers import Figure, corpus

import compose  # isort: skip  # hearing_peers shows the way to it

Pcm = NDArray[np.int16]
Floats = NDArray[np.float32]
Truth = NDArray[np.bool_]
PACKAGE_S = 150  #: of each package
SNR_DB = (0.0, 15.0)  #: of speech over music
PROMPTS = ("asterisk-prompt-es-co", "asterisk-prompt-fr-armelle")
DIALOGUE, HOLD_MUSIC = "beneath-a-steel-sky", "asterisk-moh-opsound-wav"


def figure(name: str, value: float, unit: str, peer_value: float | None = None, peer: str = "silero") -> Figure:
    ratio = round(value / peer_value, 3) if peer_value else None
    shown = None if peer_value is None else round(peer_value, 4)
    return {
        "name": f"hearing.{name}", "value": round(value, 4), "unit": unit, "peer": peer if peer_value is not None else "",
        "peer_value": shown, "ratio": ratio,
    }  # fmt: skip


def line(clean: Floats) -> Pcm:
    return generate.through_mu_law(generate.to_pcm(clean.astype(np.float64) * 32768))


def voices(package: str, rng: np.random.Generator, seconds: int = PACKAGE_S) -> Floats:
    """Clips of a package in random order with pauses of 0.1 to 1.5 s."""
    clips = corpus.clips(package, "voice")
    parts: list[Floats] = []
    left = seconds * 8000
    for i in rng.permutation(len(clips)):
        parts += [clips[i], np.zeros(int(8000 * rng.uniform(0.1, 1.5)), np.float32)]
        left -= parts[-1].size + parts[-2].size
        if left <= 0:
            break
    joined = np.concatenate(parts)[: seconds * 8000]
    return joined[: joined.size // 320 * 320]


def music(package: str, seconds: int = PACKAGE_S) -> Floats:
    clips = corpus.clips(package, "music")
    joined = np.concatenate([clip[: seconds * 8000 // len(clips)] for clip in clips])
    return joined[: joined.size // 320 * 320]


def frame_labels(samples: Pcm) -> NDArray[np.str_]:
    """What the ear's segments call each frame."""
    labels = np.full(samples.size // 160, "silence", dtype="<U20")
    last: SegmentOpened | None = None
    for event in ear.Ear().feed(samples):
        if isinstance(event, SegmentClosed):
            labels[event.segment.start_sample // 160 : event.segment.end_sample // 160] = event.segment.label.value
        else:
            last = event
    if last is not None:
        labels[last.start_sample // 160 :] = last.label.value
    return labels


def said(samples: Pcm) -> Truth:
    return np.asarray(np.char.startswith(frame_labels(samples), "speech"))


def run() -> Iterator[Figure]:
    speech = peers.silero()
    rng = np.random.default_rng(4)
    recall: dict[str, tuple[float, float]] = {}
    waits: list[float] = []
    for package in corpus.packages("test", "voice"):
        clean = voices(package, rng)
        truth = compose.activity(clean) == 1
        heard = line(clean)
        recall[package] = float(said(heard)[truth].mean()), float(speech(heard)[truth].mean())
        waits += onsets(clean, heard)
        yield figure(f"speech_recall.{package}", 100 * recall[package][0], "% of frames", 100 * recall[package][1])
    yield figure("speech_known_after_median", 1000 * float(np.median(waits)), f"ms, {len(waits)} onsets")
    yield figure("speech_known_after_p95", 1000 * float(np.quantile(waits, 0.95)), "ms")
    false: dict[str, tuple[float, float]] = {}
    for package in corpus.packages("test", "music"):
        heard = line(music(package))
        false[package] = float(said(heard).mean()), float(speech(heard).mean())
        yield figure(f"music_called_speech.{package}", 100 * false[package][0], "% of frames", 100 * false[package][1])
    hit, miss = np.mean(list(recall.values()), axis=0), np.mean(list(false.values()), axis=0)
    yield figure("human_speech_recall", 100 * hit[0], "% of frames", 100 * hit[1])
    yield figure("music_called_speech", 100 * miss[0], "% of frames", 100 * miss[1])
    yield figure("balanced_accuracy", 50 * (hit[0] + 1 - miss[0]), "%", 50 * (hit[1] + 1 - miss[1]))
    yield from over_music(speech, rng)
    yield from prompts_dialogue_and_hold_music(recall, speech)
    yield from on_a_line(speech)


def onsets(clean: Floats, heard: Pcm) -> list[float]:
    """Seconds from the first sound after 0.5 s of silence to the moment the ear calls it speech; 2 s when it never does."""
    active = np.square(clean.reshape(-1, 160)).mean(axis=1) > 1e-5
    begins = [n for n in np.flatnonzero(active) if n > 25 and not active[n - 25 : n].any()]
    known = np.array([e.at_sample for e in ear.Ear().feed(heard) if isinstance(e, SegmentOpened) and e.label is Label.SPEECH])
    waits = []
    for n in begins:
        later = known[known > n * 160]
        waits.append(min(float(later[0] - n * 160) / 8000, 2.0) if later.size else 2.0)
    return waits


def over_music(speech: Any, rng: np.random.Generator) -> Iterator[Figure]:
    """Each voice package over each music package."""
    found, named, peer_found = [], [], []
    for voice in corpus.packages("test", "voice"):
        talk = voices(voice, rng, 20)
        for bed in corpus.packages("test", "music"):
            under = np.resize(music(bed, 20), talk.size)
            truth = compose.activity(talk) == 1
            power = np.mean(np.square(talk[np.repeat(truth, 160)])) / (np.mean(np.square(under)) + 1e-12)
            mixed = talk + under * np.float32(np.sqrt(power) / 10 ** (rng.uniform(*SNR_DB) / 20))
            heard = line(mixed * np.float32(0.5 / np.max(np.abs(mixed))))
            labels = frame_labels(heard)
            found.append(float(np.char.startswith(labels, "speech")[truth].mean()))
            named.append(float((labels == Label.SPEECH_OVER_MUSIC.value)[truth].mean()))
            peer_found.append(float(speech(heard)[truth].mean()))
    unit = f"% of frames, SNR {SNR_DB[0]:.0f}-{SNR_DB[1]:.0f} dB"
    yield figure("speech_over_music_found", 100 * float(np.mean(found)), unit, 100 * float(np.mean(peer_found)))
    yield figure("speech_over_music_named_so", 100 * float(np.mean(named)), unit)


def prompts_dialogue_and_hold_music(recall: dict[str, tuple[float, float]], speech: Any) -> Iterator[Figure]:
    """The easier set that published figures are often for: recorded prompts, acted dialogue, hold music of companies.

    The weights know none of them; the thresholds were chosen with the hold music in view.
    """
    prompts = np.mean([recall[package] for package in PROMPTS], axis=0)
    found = np.mean([prompts, recall[DIALOGUE]], axis=0)
    heard = line(music(HOLD_MUSIC, 600))
    false = float(said(heard).mean()), float(speech(heard).mean())
    for name, both in (("prompts_found", prompts), ("dialogue_found", recall[DIALOGUE]), ("music_called_speech", false)):
        yield figure(f"easy.{name}", 100 * both[0], "% of frames", 100 * both[1])
    yield figure("easy.balanced_accuracy", 50 * (found[0] + 1 - false[0]), "%", 50 * (found[1] + 1 - false[1]))


def test_sources() -> compose.Sources:
    return compose.Sources(
        [corpus.clips(package, "voice") for package in corpus.packages("test", "voice")],
        [corpus.clips(package, "music") for package in corpus.packages("test", "music")],
    )


def on_a_line(speech: Any, scenes: int = 30) -> Iterator[Figure]:
    """Composed scenes with the effects of a random telephone line."""
    rng = np.random.default_rng(5)
    sources = test_sources()
    ours: list[Truth] = []
    theirs: list[Truth] = []
    truths: list[NDArray[np.int8]] = []
    for _ in range(scenes):
        scene = compose.scene(rng, sources, 40.0)
        ours.append(said(scene.samples))
        theirs.append(speech(scene.samples))
        truths.append(np.stack([scene.speech, scene.music], axis=1))
    truth, mine, peer = np.concatenate(truths), np.concatenate(ours), np.concatenate(theirs)
    alone, over = (truth[:, 0] == 1) & (truth[:, 1] == 0), (truth[:, 0] == 1) & (truth[:, 1] == 1)
    only_music = (truth[:, 0] == 0) & (truth[:, 1] == 1)
    for name, chosen in (("speech_found", alone), ("speech_over_music_found", over), ("music_called_speech", only_music)):
        yield figure(f"line.{name}", 100 * float(mine[chosen].mean()), "% of frames", 100 * float(peer[chosen].mean()))

"""A random telephone line: what networks do to a sound, drawn alike whatever the sound is."""

from __future__ import annotations

import av
import numpy as np
from line_audio import generate
from line_audio.levels import RMS_AT_0_DBM0
from numpy.typing import NDArray
from scipy import signal

Floats = NDArray[np.float32]
Pcm = NDArray[np.int16]
RATE_HZ = 8000
AMR_BITS = (4750, 5900, 7400, 12200)
AMR_SHARE = 0.12
ROOM_SHARE, HUM_SHARE = 0.2, 0.08


def line(rng: np.random.Generator, clean: Floats, noise_dbfs: float) -> Pcm:
    """Room, band limits, tilt, echo, noise, hum, level, clicks, codecs, silence suppression and lost packets."""
    sound = np.asarray(clean, np.float64)
    if rng.random() < ROOM_SHARE:
        sound = _in_a_room(rng, sound)
    if rng.random() < 0.7:
        low, high = rng.uniform(80, 320), rng.uniform(3000, 3800)
        sound = signal.sosfilt(signal.butter(2, [low, high], "bandpass", fs=RATE_HZ, output="sos"), sound)
    if rng.random() < 0.4:
        sound = signal.lfilter([1, rng.uniform(-0.5, 0.4)], [1], sound)
    if rng.random() < 0.25:
        sound = sound + 10 ** (rng.uniform(-25, -9) / 20) * np.roll(sound, int(RATE_HZ * rng.uniform(0.02, 0.2)))
    sound = sound + _hiss(rng, sound.size) * 10 ** (noise_dbfs / 20)
    if rng.random() < HUM_SHARE:
        sound = sound + _hum(rng, sound.size) * 10 ** ((noise_dbfs + rng.uniform(-6, 6)) / 20)
    pcm = generate.to_pcm(_clicks(rng, _at_level(sound, rng.uniform(-35, -4))))
    if rng.random() < 0.1:
        pcm = _silence_suppressed(pcm)
    pcm = _coded(rng, pcm)
    if rng.random() < 0.3:
        pcm = generate.lose_packets(pcm, rng.uniform(0.002, 0.04), int(rng.integers(1 << 31)))
    return pcm


def _in_a_room(rng: np.random.Generator, sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """Far from the microphone: the sound and its decaying diffuse reflections, 60 dB down after 0.15 to 0.7 s."""
    after_s = rng.uniform(0.15, 0.7)
    t = np.arange(int(RATE_HZ * 0.7 * after_s)) / RATE_HZ
    tail = rng.standard_normal(t.size) * 10 ** (-3 * t / after_s)
    tail *= 10 ** (rng.uniform(-14, 2) / 20) / (np.sqrt(np.sum(np.square(tail))) + 1e-9)
    tail[: int(RATE_HZ * 0.003)] = 0.0
    tail[0] = 1.0
    return np.asarray(signal.oaconvolve(sound, tail)[: sound.size])


def _hum(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Mains hum with its first harmonics."""
    t = np.arange(size) * (2 * np.pi * rng.choice([50, 60]) / RATE_HZ)
    hum = sum(rng.uniform(0, 1) * np.sin(harmonic * t) for harmonic in range(1, 7))
    return np.asarray(hum / (np.std(hum) + 1e-9))


def _hiss(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    hiss = rng.standard_normal(size)
    if rng.random() < 0.5:
        hiss = signal.lfilter([1.0], [1.0, -rng.uniform(-0.5, 0.9)], hiss)
    return np.asarray(hiss / np.std(hiss))


def _at_level(sound: NDArray[np.float64], dbm0: float) -> NDArray[np.float64]:
    """Scaled so that its louder parts have this level."""
    power = np.mean(np.square(sound[: sound.size // 800 * 800].reshape(-1, 800)), axis=1)
    loud = np.sqrt(np.mean(power[power >= np.quantile(power, 0.7)]))
    return sound * (RMS_AT_0_DBM0 * 10 ** (dbm0 / 20) / (loud + 1e-9))


def _clicks(rng: np.random.Generator, sound: NDArray[np.float64]) -> NDArray[np.float64]:
    if rng.random() < 0.15:
        for at in rng.integers(0, sound.size - 40, int(rng.integers(3, 60))):
            sound[at : at + 12] += rng.uniform(500, 12000) * rng.standard_normal(12) * np.exp(-np.arange(12) / 3)
    return sound


def _silence_suppressed(pcm: Pcm) -> Pcm:
    """Frames far below the rest become digital silence, as when a sender stops sending."""
    frames = pcm[: pcm.size // 160 * 160].reshape(-1, 160).copy()
    power = np.mean(np.square(frames.astype(np.float64)), axis=1)
    frames[power < np.quantile(power, 0.9) * 10**-4.5] = 0
    return np.concatenate([frames.reshape(-1), pcm[frames.size :]])


def _coded(rng: np.random.Generator, pcm: Pcm) -> Pcm:
    if rng.random() < AMR_SHARE:
        pcm = through_amr(pcm, int(rng.choice(AMR_BITS)))
    return generate.through_mu_law(pcm) if rng.random() < 0.6 else generate.through_a_law(pcm)


def through_amr(pcm: Pcm, bit_rate: int) -> Pcm:
    """There and back through the codec of GSM phones (AMR, narrow band), 5 ms late."""
    encoder = av.CodecContext.create("libopencore_amrnb", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = RATE_HZ, "mono", "s16", bit_rate
    decoder = av.CodecContext.create("amrnb", "r")
    decoder.sample_rate, decoder.layout = RATE_HZ, "mono"
    heard: list[Pcm] = []
    for at in range(0, pcm.size - 159, 160):
        frame = av.AudioFrame.from_ndarray(pcm[None, at : at + 160], format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE_HZ, at
        for packet in encoder.encode(frame):
            heard += [_pcm(out) for out in decoder.decode(packet)]
    joined = np.concatenate(heard) if heard else pcm
    return np.resize(joined, pcm.size)


def _pcm(frame: av.AudioFrame) -> Pcm:
    samples = frame.to_ndarray().reshape(-1)
    return samples if samples.dtype == np.int16 else np.clip(np.rint(samples * 32767), -32768, 32767).astype(np.int16)

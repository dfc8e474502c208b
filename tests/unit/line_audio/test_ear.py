"""Laws of the ear: cutting and gain do not matter, a bank hears what single ears hear, segments follow each other."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from line_audio import _kernels_ear, _kernels_frequencies, generate, tone_plan
from line_audio.ear import Ear, EarBank
from line_audio.segments import Label, SegmentClosed, SegmentOpened, SoundEvent
from numpy.typing import NDArray

from tests.support.real_audio import clip

pytestmark = pytest.mark.unit


@functools.cache
def call() -> NDArray[np.int16]:
    """Ringback, a prompt, a key, hold music, a voice over the music, silence."""
    ringback = generate.tone(tone_plan.load("us").tone(Label.RINGBACK), 2.5)
    prompt, music, voice = (clip(name).astype(float) for name in ("prompt_en", "music_hold", "voice_read"))
    over = music[:32000] * 0.25
    over[4000 : 4000 + min(voice.size, 24000)] += voice[:24000]
    parts = [generate.silence(0.7), ringback, generate.silence(0.4), prompt, generate.silence(0.8), generate.dtmf("3"), music[:40000], over]
    line = np.concatenate([*parts, generate.silence(2.0)])
    return generate.through_mu_law(generate.to_pcm(line + generate.white_noise(line.size / 8000, -62, seed=2)[: line.size]))


@functools.cache
def heard_whole() -> tuple[SoundEvent, ...]:
    return tuple(Ear().feed(call()))


@given(st.lists(st.integers(1, 60_000), max_size=12))
@settings(max_examples=12, deadline=None)
def test_cutting_does_not_matter(cuts: list[int]) -> None:
    ear = Ear()
    parts = np.split(call(), sorted(c for c in cuts if c < call().size))
    assert tuple(event for part in parts for event in ear.feed(part)) == heard_whole()


def test_a_bank_hears_what_single_ears_hear() -> None:
    bank = EarBank(3)
    slots = [bank.open() for _ in range(3)]
    frames = call()[: call().size // 160 * 160].reshape(-1, 160)
    shifted = [frames, np.roll(frames, 50, axis=0), frames[::-1].copy()]
    together: list[list[SoundEvent]] = [[] for _ in slots]
    for t in range(0, len(frames), 7):
        for events, more in zip(together, bank.feed(slots, np.stack([line[t : t + 7] for line in shifted])), strict=True):
            events += more
    assert together == [Ear().feed(line) for line in shifted]


def test_every_frame_is_judged_however_it_was_cut_and_on_its_own_line() -> None:
    frames = call()[: call().size // 160 * 160].reshape(-1, 160)
    ear, bank = Ear(), EarBank(2)
    slots = [bank.open(), bank.open()]
    ear.feed(frames)
    whole = ear.judgements
    assert whole.shape == (len(frames), 2)
    for t in range(40):
        bank.feed(slots, np.stack([frames[t : t + 1], frames[t + 40 : t + 41]]))
        assert bank.judged(slots[0]) == pytest.approx(whole[t], abs=1e-6)
    ear.reset()
    parts = []
    for samples in np.split(frames.reshape(-1), [333, 40_000]):
        ear.feed(samples)
        parts.append(ear.judgements)
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-6)


def test_an_ear_goes_on_from_what_it_had_in_mind() -> None:
    ear, half = Ear(), call().size // 2 + 17
    before = ear.feed(call()[:half])
    memory = ear.remember()
    ear.feed(call()[::-1])
    ear.recall(memory)
    assert (*before, *ear.feed(call()[half:])) == heard_whole()


def test_nothing_is_compiled_anew_for_samples_that_cannot_be_written() -> None:
    kernels = _kernels_ear.classify, _kernels_frequencies.measure, _kernels_ear.hear
    compiled = [len(kernel.signatures) for kernel in kernels]
    Ear().feed(np.frombuffer(call()[:1600].tobytes(), np.int16))
    assert [len(kernel.signatures) for kernel in kernels] == compiled


@pytest.mark.parametrize("gain", [0.5, 0.7])
def test_gain_does_not_matter(gain: float) -> None:
    quieter = generate.through_mu_law(generate.to_pcm(call().astype(float) * gain))
    wanted = [(e.label, e.start_sample) for e in heard_whole() if isinstance(e, SegmentOpened)]
    got = [(e.label, e.start_sample) for e in Ear().feed(quieter) if isinstance(e, SegmentOpened)]
    assert [label for label, _ in got] == [label for label, _ in wanted]
    assert all(abs(a - b) <= 4800 for (_, a), (_, b) in zip(got, wanted, strict=True))


def test_segments_follow_each_other_and_each_opened_is_closed() -> None:
    opened: list[SegmentOpened] = []
    end = 0
    for event in heard_whole():
        if event_label(event) is Label.DTMF:
            continue
        if isinstance(event, SegmentOpened):
            assert not opened
            assert event.start_sample == end
            opened.append(event)
        else:
            assert opened.pop().label is event.segment.label
            assert event.segment.end_sample <= event.at_sample
            end = event.segment.end_sample
    assert len(opened) == 1


def event_label(event: SoundEvent) -> Label:
    return event.segment.label if isinstance(event, SegmentClosed) else event.label


def test_what_sounds_is_named_in_order() -> None:
    labels = [event.label for event in heard_whole() if isinstance(event, SegmentOpened) and event.label is not Label.SILENCE]
    assert labels[:3] == [Label.RINGBACK, Label.SPEECH, Label.DTMF]
    assert Label.MUSIC in labels[3:]
    assert Label.SPEECH_OVER_MUSIC in labels[4:]


def test_reset_forgets() -> None:
    ear = Ear()
    ear.feed(call())
    ear.reset()
    assert tuple(ear.feed(call())) == heard_whole()


def test_slots_are_given_and_taken_back() -> None:
    bank = EarBank(1)
    slot = bank.open()
    with pytest.raises(RuntimeError, match="taken"):
        bank.open()
    bank.close(slot)
    assert bank.open() == slot
    assert bank.feed([], np.zeros((0, 160), np.int16)) == []


def test_level() -> None:
    ear = Ear()
    ear.feed(generate.to_pcm(generate.sines([1000], 0.1, -20.0)))
    assert ear.level_dbm0 == pytest.approx(-20.0, abs=0.1)
    assert ear.samples_heard == 800

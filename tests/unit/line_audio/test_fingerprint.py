"""Known recordings: recognised through codec, level, noise, loss and any offset; nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from line_audio import _kernels_fingerprint as kernels
from line_audio import fingerprint, generate
from line_audio.fingerprint import BadFingerprint, RecordingIndex
from numpy.typing import NDArray
from scipy import signal

pytestmark = pytest.mark.unit


def chatter(seed: int, seconds: float = 6.0) -> NDArray[np.int16]:
    """Something that changes like speech: a buzz through moving resonances, with pauses."""
    rng = np.random.default_rng(seed)
    parts = []
    while sum(part.size for part in parts) < seconds * 8000:
        size = int(rng.uniform(0.05, 0.2) * 8000)
        pulse = (np.arange(size) % int(rng.uniform(40, 90)) == 0) * 1.0 + 0.05 * rng.standard_normal(size)
        for low, high in ((250, 900), (900, 2400), (2400, 3400)):
            centre = rng.uniform(low, high)
            pulse = pulse + 3 * signal.lfilter(*signal.iirpeak(centre, 6, fs=8000), pulse)
        parts.append(pulse * rng.uniform(0.3, 1.0) * (rng.random() > 0.15))
    samples = np.concatenate(parts)
    return generate.to_pcm(samples / np.max(np.abs(samples)) * 9000)


def degraded(samples: NDArray[np.int16], lead: int, seed: int) -> NDArray[np.int16]:
    line = np.concatenate([np.zeros(lead), samples.astype(float) * 0.4])
    level = 10 * np.log10(np.mean(np.square(line[lead:])))
    noise = np.random.default_rng(seed).standard_normal(line.size) * 10 ** ((level - 15) / 20)
    return generate.lose_packets(generate.through_a_law(generate.to_pcm(line + noise)), 0.03, seed)


@pytest.fixture(scope="module")
def known() -> RecordingIndex:
    index = RecordingIndex()
    for seed in range(12):
        index.add(f"prompt-{seed}", fingerprint.fingerprint(chatter(seed)))
    return index


@pytest.mark.parametrize("seed", range(6))
def test_a_known_prompt_is_recognised_within_a_second_and_a_half(known: RecordingIndex, seed: int) -> None:
    lead = 3000 + 37 * seed
    known.reset()
    matches = known.feed(degraded(chatter(seed), lead, seed))
    assert [m.recording_id for m in matches] == [f"prompt-{seed}"]
    assert matches[0].position_ms <= 1500
    assert abs(matches[0].start_sample - lead) <= 240


def test_an_index_goes_on_from_what_it_had_heard(known: RecordingIndex) -> None:
    known.reset()
    line = degraded(chatter(3), 3000, 3)
    known.feed(line[:9001])
    memory = known.remember()
    first = known.feed(line[9001:])
    playing = known.playing
    known.feed(degraded(chatter(4), 500, 4))
    known.recall(memory)
    assert known.feed(line[9001:]) == first
    assert known.playing == playing


def test_what_plays_is_what_was_heard_then(known: RecordingIndex) -> None:
    known.reset()
    known.feed(chatter(3)[:16_000])
    memory = known.remember()
    known.feed(chatter(50, 3.0))
    assert known.playing == frozenset()
    known.recall(memory)
    assert known.playing == {"prompt-3"}


def test_what_plays_does_not_depend_on_how_many_frames_come_at_once(known: RecordingIndex) -> None:
    line = np.concatenate([chatter(4)[:24_000], chatter(50, 3.0)])
    line = line[: line.size // 1600 * 1600]
    playing = {at_once: what_plays(known, line, at_once) for at_once in (1, 2, 5, 10)}
    assert playing[1][4::5] == playing[5]
    assert playing[1][1::2] == playing[2]
    assert playing[1][9::10] == playing[10]
    assert {"prompt-4"} in playing[1]
    assert playing[1][-1] == frozenset()


def what_plays(index: RecordingIndex, line: NDArray[np.int16], at_once: int) -> list[frozenset[str]]:
    index.reset()
    playing = []
    for frames in line.reshape(-1, 160 * at_once):
        index.feed(frames)
        playing.append(index.playing)
    return playing


def test_nothing_is_compiled_anew_for_samples_that_cannot_be_written(known: RecordingIndex) -> None:
    line = np.frombuffer(chatter(3)[:1600].tobytes(), np.int16)
    compiled = len(kernels.listen.signatures)
    known.reset()
    known.feed(line)
    assert len(kernels.listen.signatures) == compiled


def test_unknown_sound_matches_nothing(known: RecordingIndex) -> None:
    known.reset()
    assert [m for seed in range(50, 60) for m in known.feed(chatter(seed))] == []


def test_a_prompt_joined_in_the_middle_and_its_repetition(known: RecordingIndex) -> None:
    known.reset()
    prompt = chatter(3)
    matches = known.feed(np.concatenate([prompt[16000:], np.zeros(16000, np.int16), prompt]))
    assert [m.recording_id for m in matches] == ["prompt-3", "prompt-3"]
    assert abs(matches[0].start_sample + 16000) <= 240


def test_cutting_does_not_matter(known: RecordingIndex) -> None:
    line = degraded(chatter(2), 500, 1)
    known.reset()
    whole = known.feed(line)
    known.reset()
    assert [m for part in np.split(line, [77, 160, 4001, 30000]) for m in known.feed(part)] == whole


def test_a_stretch_of_this_call_is_recognised_when_it_comes_again() -> None:
    index = RecordingIndex()
    first = chatter(40)
    assert index.feed(first) == []
    index.add("heard", fingerprint.fingerprint(first))
    assert [m.recording_id for m in index.feed(np.concatenate([np.zeros(24000, np.int16), first]))] == ["heard"]


def test_compact_and_checked() -> None:
    data = fingerprint.fingerprint(chatter(1, 60.0)[: 60 * 8000])
    assert len(data) <= 8000
    assert fingerprint.duration_ms(data) == 60_000
    with pytest.raises(BadFingerprint):
        RecordingIndex().add("x", b"nonsense")


@pytest.mark.parametrize("slip_ms", [-60, -40, 40, 60, 100])
def test_a_jitter_buffer_may_drop_or_repeat_a_moment(known: RecordingIndex, slip_ms: int) -> None:
    prompt, half, slip = chatter(3), 24_000, 8 * slip_ms
    slipped = np.concatenate([prompt[:half], prompt[half - max(slip, 0) : half], prompt[half + max(-slip, 0) :]])
    known.reset()
    lost = False
    matches = []
    for frame in slipped[: slipped.size // 160 * 160].reshape(-1, 160):
        matches += known.feed(frame)
        lost = lost or bool(matches and "prompt-3" not in known.playing)
    assert len(matches) == 1
    assert not lost


def test_a_recording_that_goes_on_otherwise_is_lost(known: RecordingIndex) -> None:
    known.reset()
    known.feed(np.concatenate([chatter(4)[:24_000], chatter(50, 3.0)]))
    assert "prompt-4" not in known.playing


def test_a_lost_recording_is_taken_up_again_where_it_should_be() -> None:
    index = RecordingIndex()
    whole = chatter(60, 20.0)
    index.add("music", fingerprint.fingerprint(whole))
    noise = np.random.default_rng(1).standard_normal(whole.size) * 700
    interrupted = np.concatenate([whole[:48_000], chatter(61, 4.0)[:32_000], generate.to_pcm(whole[80_000:] + noise[80_000:])])
    matches = index.feed(interrupted[:48_000])
    assert [m.position_ms <= 1500 for m in matches] == [True]
    index.feed(interrupted[48_000:80_000])
    assert not index.playing
    (again,) = index.feed(interrupted[80_000:96_000])
    assert again.start_sample == matches[0].start_sample
    assert again.position_ms <= 12_300  # at most a little more than two seconds after it goes on at 10 s


def test_a_recording_that_grows_is_as_one_that_was_heard_at_once() -> None:
    whole, lead = chatter(62, 12.0)[: 12 * 8000], fingerprint.LEAD_SAMPLES
    grown = fingerprint.continued(fingerprint.fingerprint(whole[:48_000]), whole[48_000 - lead :], lead=lead)
    assert len(grown) == len(fingerprint.fingerprint(whole))
    same = fingerprint.words(grown) == fingerprint.words(fingerprint.fingerprint(whole))
    assert same.mean() > 0.97  # which frames count as silence depends on what was heard before


def test_in_a_gap_of_a_recording_nothing_is_known() -> None:
    index = RecordingIndex()
    first, other, then = chatter(63, 6.0)[:48_000], chatter(64, 6.0)[:48_000], chatter(65, 6.0)[:48_000]
    lead = fingerprint.LEAD_SAMPLES
    rest = np.concatenate([other[-lead:], then])
    index.add("music", fingerprint.continued(fingerprint.fingerprint(first), rest, lead=lead, gap=48_000))
    index.feed(np.concatenate([first, other[:24_000]]))
    assert not index.playing
    again = index.feed(np.concatenate([other[24_000:], then]))
    assert [abs(m.start_sample) <= 240 for m in again] == [True]


@pytest.mark.parametrize("below_db", [24, 28, 32, 36, 60])
def test_a_menu_goes_on_through_its_pauses_whatever_the_noise_of_the_line(below_db: float) -> None:
    sentences = [chatter(70 + number, 1.5)[:12_000] for number in range(4)]
    menu = np.concatenate([part for sentence in sentences for part in (sentence, np.zeros(6400, np.int16))]).astype(float)
    noise_rms = np.sqrt(np.mean(np.square(sentences[0].astype(float)))) * 10 ** (-below_db / 20)
    index = RecordingIndex()
    index.add("menu", fingerprint.fingerprint(in_noise(menu, noise_rms, 1)))
    line = in_noise(np.concatenate([np.zeros(8000), menu]), noise_rms, 2)
    matches = []
    for frames in line[: line.size // 1600 * 1600].reshape(-1, 1600):
        matches += index.feed(frames)
        assert not matches or "menu" in index.playing
    assert len(matches) == 1


def in_noise(samples: NDArray[np.float64], rms: float, seed: int) -> NDArray[np.int16]:
    return generate.through_a_law(generate.to_pcm(samples + rms * np.random.default_rng(seed).standard_normal(samples.size)))


def test_a_match_tells_whether_the_recording_began_as_it_should(known: RecordingIndex) -> None:
    """Two prompts have a sentence in common, in the same place."""
    other = chatter(50)
    known.reset()
    (match,) = known.feed(np.concatenate([np.zeros(8000, np.int16), other[:16_000], chatter(3)[16_000:40_000]]))
    assert match.recording_id == "prompt-3"
    assert match.score_before < 0.2
    known.reset()
    line = degraded(chatter(3), 8000, 3)
    line[8000 : 8000 + 4000] //= 100
    (match,) = known.feed(line)
    assert match.score_before > 0.3


def test_one_more_recording_is_worked_out_while_the_line_is_heard_and_others_become_known() -> None:
    index = RecordingIndex()
    index.add("first", fingerprint.fingerprint(chatter(1)))
    more = index.one_more("second", fingerprint.fingerprint(chatter(2)))
    assert "second" not in index
    assert [match.recording_id for match in index.feed(degraded(chatter(1), 3000, 1))] == ["first"]
    index.add("third", fingerprint.fingerprint(chatter(3)))
    index.take(more)
    for seed, recording_id in ((2, "second"), (3, "third")):
        assert [match.recording_id for match in index.feed(degraded(chatter(seed), 3000, seed))] == [recording_id]

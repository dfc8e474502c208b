"""The training of the hearing network: the same seed gives the same scenes and the same weights; effects keep to what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from line_audio import hold

sys.path.insert(0, str(Path(__file__).parents[3] / "libs" / "line-audio" / "training"))

import chips
import compose
import corpus
import network
import soundfont
import train


def sources() -> compose.Sources:
    rng = np.random.default_rng(3)
    voices = [[rng.standard_normal(8000).astype(np.float32) * np.float32(0.1) for _ in range(3)] for _ in range(2)]
    seconds = np.arange(40_000) / 8000
    music = [[np.sin(2 * np.pi * pitch * seconds).astype(np.float32) * np.float32(0.2)] for pitch in (330, 440)]
    return compose.Sources(voices, music)


def test_a_seed_gives_the_same_scene() -> None:
    one, again = (compose.scene(np.random.default_rng(5), sources(), 6.0) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))


def test_the_same_examples_and_seed_give_the_same_weights() -> None:
    rng = np.random.default_rng(1)
    x = rng.standard_normal((train.BATCH, train.CHUNK, hold.FEATURES)).astype(np.float16)
    labels = rng.integers(0, 2, (train.BATCH, train.CHUNK, 2)).astype(np.int8)
    one, again = (train.fit(x, labels, 2, seed=4, sizes=(8, 9, 8)) for _ in range(2))
    assert set(one) == set(hold.Network._fields)
    assert all(np.array_equal(one[name], again[name]) for name in one)


def test_a_pulse_only_takes_away_and_never_all() -> None:
    for seed in range(20):
        gain = compose._pulse(np.random.default_rng(seed), 16_000)
        assert gain.shape == (16_000,)
        assert 10 ** (-26 / 20) * 0.99 < gain.min() < gain.max() <= 1.0
        swells = np.count_nonzero(np.diff(np.signbit(gain - (gain.max() + gain.min()) / 2)))
        assert 4 <= swells <= 50  # two seconds, two to eight swells a second, each crossed twice, uneven by up to a half


def test_moving_resonances_change_the_sound_and_keep_its_length() -> None:
    noise = np.random.default_rng(1).standard_normal(16_000).astype(np.float32)
    moved = compose._swept(np.random.default_rng(2), noise)
    assert (moved.shape, moved.dtype) == (noise.shape, np.float32)
    assert np.all(np.isfinite(moved))
    around = np.abs(np.fft.rfft(moved))
    assert around[: 2 * 3200].mean() > 2 * around[2 * 3300 :].mean()  # bins of half a hertz; a mouth leaves little above 3.3 kHz


def test_music_is_as_if_a_mouth_formed_it_only_where_that_is_asked_for() -> None:
    tracks = np.zeros((2, 16_000), np.float32)
    for track, share in zip(tracks, (0.0, 1.0), strict=True):
        compose._fill_music(np.random.default_rng(5), track, sources()._replace(swept_share=share), 0, 16_000, -20.0)
    assert np.all(np.any(tracks, axis=1))
    assert not np.allclose(*tracks)


def test_a_chip_plays_the_same_tune_from_the_same_seed() -> None:
    one, again = (chips.tune(np.random.default_rng([8, 1])) for _ in range(2))
    assert np.array_equal(one, again)
    assert one.size == chips.CLIP_S * corpus.RATE_HZ
    assert 0.4 < np.max(np.abs(one)) <= 0.51


def test_packages_of_few_pieces_are_drawn_as_one() -> None:
    piece = np.zeros(1, np.float32)
    single, large = [piece], [piece] * train.FEW_PIECES
    found = train.pooled([large, *([single] * (train.FEW_PIECES + 1))])
    assert [len(clips) for clips in found] == [train.FEW_PIECES, train.FEW_PIECES + 1]


def test_packages_of_few_pieces_with_none_to_join_stay_as_they_are() -> None:
    piece = np.zeros(1, np.float32)
    assert [len(clips) for clips in train.pooled([[piece] * 2, [piece]])] == [3]


def test_only_packages_of_the_training_side_are_drawn_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "packages", lambda side, kind: ["one", "other"])
    monkeypatch.setattr(corpus, "clips", lambda package, kind, limit_s=None: [np.zeros(1, np.float32)])
    for made in (train.rendered, train.arranged, train.chips):
        monkeypatch.setattr(made, "packages", list)
    assert [len(train.load.__wrapped__(side).music) for side in ("train", "tune")] == [1, 2]


def test_what_is_sung_is_no_voice_of_a_package_that_holds_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for voice in ("Default", "Singer"):
        (tmp_path / "voices" / voice).mkdir(parents=True)
        (tmp_path / "voices" / voice / "a.ogg").touch()
    monkeypatch.setattr(corpus, "fetch", lambda package: tmp_path)
    assert corpus._files("hedgewars-data", "voice") == [tmp_path / "voices" / "Default" / "a.ogg"]


def test_a_package_that_another_process_fetched_meanwhile_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "packages" / "some"

    def run(command: list[str], cwd: Path | None = None, **_: object) -> subprocess.CompletedProcess[bytes]:
        if command[0] == "apt-get":
            assert cwd is not None
            (cwd / "some_1.deb").touch()
        else:
            for tree, by in ((Path(command[-1]), "us"), (target, "the other")):
                tree.mkdir(parents=True)
                (tree / "by").write_text(by)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(corpus, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(corpus.shutil, "which", lambda program: program)
    monkeypatch.setattr(corpus.subprocess, "run", run)
    assert corpus.fetch("some") == target
    assert (target / "by").read_text() == "the other"
    assert list((tmp_path / "packages").iterdir()) == [target]
    assert not list((tmp_path / "downloads").iterdir())


def test_a_tune_does_not_begin_with_the_one_before() -> None:
    needed = ("synthesiser", *(f"packages/{package}" for package in corpus.packages("train", "rendered")))
    if missing := [name for name in needed if not (corpus.cache_folder() / name).is_dir()]:
        pytest.skip(f"fetched by make train-hearing, and not in the cache: {', '.join(missing)}")
    font = soundfont.fonts()[0]
    quiet, loud = ([(0.05, 0, 60, 90), (0.4, 0, 60, 0)], [(0.0, 1, 40, 127), (0.1, 1, 47, 127), (0.3, 0, 0, 0)])
    one = soundfont.play(font, {0: 0}, quiet)
    soundfont.play(font, {1: 62}, loud)
    again = soundfont.play(font, {0: 0}, quiet)
    assert not np.any(again[: 8000 // 50])
    assert np.array_equal(one, again)


def test_large_packages_are_taken_more_often_but_each_of_their_pieces_less() -> None:
    assert np.allclose(compose._shares((1, 9)), (0.25, 0.75))
    few = sources()._replace(large_more_often=True)
    one, again = (compose.scene(np.random.default_rng(5), few, 6.0) for _ in range(2))
    assert np.array_equal(one.samples, again.samples)


def test_what_is_left_out_in_training_keeps_its_sum() -> None:
    kept = network.Chunk(network.initial(np.random.default_rng(1), 5, 8, 8, 8), 0.1, np.random.default_rng(2))._kept(64, 200)
    assert set(np.unique(kept)) == {np.float32(0), np.float32(1 / 0.9)}
    assert abs(kept.mean() - 1) < 0.02
    assert np.all(network.Chunk(network.initial(np.random.default_rng(1), 5, 8, 8, 8))._kept(3, 4) == 1)


def test_no_package_is_on_two_sides() -> None:
    kinds = [(side, kind) for side in ("train", "tune", "test") for kind in ("voice", "music")]
    sides: dict[str, set[str]] = {}
    for side, kind in kinds:
        for package in corpus.packages(side, kind):
            sides.setdefault(package, set()).add(side)
    assert all(len(found) == 1 for found in sides.values())

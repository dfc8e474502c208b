"""The labelled sets are what their banks and seed give, and keep what they promise."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from tests.benchmarks.understanding import label_words, options_of, records, wishes_of
from tests.data.understanding import spoken
from tests.data.understanding.make import HERE, read_bank, written
from tests.data.understanding.noise import noised

TRAINING = HERE.parents[2] / "services" / "call-engine" / "training"
KINDS = {
    "menu", "hold_announcement", "callback_offer", "transfer_notice", "human_greeting", "human_other", "voicemail_greeting",
    "closed_message", "failure_message", "data_entry_prompt", "confirmation_prompt", "open_question", "recording_notice", "survey_offer",
}  # fmt: skip


def test_the_files_are_what_the_banks_give() -> None:
    for name, text in written().items():
        assert (HERE / name).read_text(encoding="utf-8") == text, f"{name}: run python -m tests.data.understanding.make"
        assert len(text.encode()) < 500_000


def test_there_are_enough_and_every_kind_is_there() -> None:
    menus = [*records("menus", "dev"), *records("menus", "test")]
    utterances = [*records("utterances", "dev"), *records("utterances", "test")]
    assert len(menus) >= 300
    assert len(utterances) >= 600
    for split in ("dev", "test"):
        counts = Counter(record["kind"] for record in utterances if record["split"] == split)
        assert counts.keys() == KINDS
        assert min(counts.values()) >= 20


def test_the_kept_apart_half_shares_no_phrase_with_what_is_trained_on() -> None:
    """The grammar of menus ("for …, press …") is common; what is said with it is not."""
    shared = phrases("test") & trained_phrases() | wishes("test") & trained_wishes().union(*map(wishes, banks()))
    assert not shared  # a failure shows these alone: who writes training text is not to see the rest


@pytest.mark.parametrize(("split", "enough_utterances"), [("fresh", 320), ("fresh2", 220)])
def test_a_fresh_set_is_whole_and_shares_no_phrase_with_what_is_trained_on(split: str, enough_utterances: int) -> None:
    menus, utterances = records("menus", split), records("utterances", split)
    assert len(menus) >= 160
    assert len(utterances) >= enough_utterances
    assert {record["split"] for record in (*menus, *utterances)} == {split}
    counts = Counter(record["kind"] for record in utterances)
    assert counts.keys() == KINDS
    assert min(counts.values()) >= 12
    said = {record["transcript"].lower() for record in (*menus, *utterances)}
    shared = said & trained_phrases()
    assert not shared
    own_words = {wish["intent"].lower() for menu in menus for wish in wishes_of(menu) if wish["wording"] != "direct"}
    shared = own_words & trained_wishes().union(*map(wishes, banks()))
    assert not shared


def test_the_fresh_sets_have_nothing_in_common() -> None:
    shared = said_or_wished("fresh") & said_or_wished("fresh2")
    assert not shared


def test_own_words_of_the_second_fresh_set_are_not_even_kin_of_the_label() -> None:
    """A word that begins as one of the label does ("bill", "billing") would give the answer away as well."""
    for menu in records("menus", "fresh2"):
        labels = {option["digits"]: {word[:5] for word in label_words(option["label"]) if len(word) > 4} for option in menu["options"]}
        for wish in wishes_of(menu):
            if wish["wording"] == "own_words":
                assert not labels[wish["choice"]] & {word[:5] for word in label_words(wish["intent"])}, wish


@pytest.mark.parametrize("split", ["fresh", "fresh2"])
def test_own_words_of_a_fresh_set_are_none_of_the_label(split: str) -> None:
    for menu in records("menus", split):
        labels = {option["digits"]: set(label_words(option["label"])) for option in menu["options"]}
        for wish in wishes_of(menu):
            shared = labels.get(wish["choice"], set()) & set(label_words(wish["intent"]))
            if wish["wording"] == "direct":
                assert shared, wish
            elif wish["wording"] == "own_words":
                assert all(len(word) < 3 for word in shared), wish


def said_or_wished(split: str) -> set[str]:
    menus, utterances = records("menus", split), records("utterances", split)
    own_words = {wish["intent"].lower() for menu in menus for wish in wishes_of(menu) if wish["wording"] != "direct"}
    return {record["transcript"].lower() for record in (*menus, *utterances)} | own_words


def banks() -> list[str]:
    return ["dev", *(f"banks/{path.stem}" for path in (HERE / "banks").glob("*.txt"))]


def phrases(split: str) -> set[str]:
    sections = read_bank(split).items()
    return {
        line.lower() for name, lines in sections if not name.startswith(("forms", "continuations", "asking")) for line in lines
        if len(line) > 12
    }  # fmt: skip


def trained_phrases() -> set[str]:
    openings = (TRAINING / "openings.txt").read_text(encoding="utf-8").lower().splitlines()
    return {phrase for bank in banks() for phrase in phrases(bank)}.union(openings)


def trained_wishes() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in TRAINING.glob("topics*.txt")]
    lines = [line for text in texts for line in text.splitlines() if line.startswith("wishes:")]
    listed = [TRAINING / "served.txt", *(TRAINING / "sectors").glob("*.txt")]
    lines += [line.partition("|")[2] for path in listed for line in path.read_text(encoding="utf-8").splitlines()]
    return {wish.strip().lower() for line in lines for wish in line.removeprefix("wishes:").split(";") if wish.strip()}


def wishes(split: str) -> set[str]:
    """What callers say in their own words."""
    sectors = [lines for name, lines in read_bank(split).items() if name.startswith("sector")]
    return {wish.strip().lower() for lines in sectors for line in lines for wish in line.split("|")[2].split(";")}


@pytest.mark.parametrize("split", ["dev", "test", "fresh", "fresh2"])
def test_labels_fit_their_menus(split: str) -> None:
    for menu in records("menus", split):
        digits = [option["digits"] for option in menu["options"]]
        assert len(set(digits)) == len(digits)
        assert all(wish["choice"] in (None, "", *digits) for wish in wishes_of(menu))
        for option in menu["options"]:
            assert all(word in label_words(menu["transcript"]) for word in label_words(option["label"])), option


def test_noise_changes_the_writing_and_is_repeatable() -> None:
    text = "For billing, press 1. For cards, press 2."
    assert noised(text, "en", random.Random(3)) == noised(text, "en", random.Random(3)) != text


def test_filler_words_of_labels_do_not_count() -> None:
    assert options_of({"options": [{"digits": "1", "label": "you are calling about your bill"}]}) == {("1", ("bill",))}
    assert label_words("for the") == ("for", "the")


def test_the_spoken_menus_are_in_two_halves() -> None:
    menus = spoken.menus()
    assert len(menus) >= 150
    assert min(Counter(menu["half"] for menu in menus).values()) >= 75


@pytest.mark.parametrize("bank", spoken.BANKS)
def test_the_spoken_menus_are_whole(bank: str) -> None:
    menus = spoken.menus(bank=bank)
    assert len({menu["transcript"] for menu in menus}) == len(menus)
    for menu in menus:
        assert len({option["digits"] for option in menu["options"]}) == len(menu["options"]), menu["transcript"]
        words = {*re.findall(r"\w+", menu["transcript"].lower()), "am", "pm"}
        for option in menu["options"]:
            assert set(re.findall(r"\w+", option["label"].lower())) <= words, option

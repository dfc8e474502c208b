"""Every menu that is kept apart has a second hand's labels, made of its own words."""

import json

import pytest
from call_engine.core.vocabulary.words import tokenise

from tests.data.understanding import fresh
from tests.data.understanding.second_labels import ROWS, key_of, second_labels


def transcripts(split: str) -> list[str]:
    if split in fresh.SEEDS:
        return [menu["transcript"] for menu in fresh.menus(split)]
    rows = map(json.loads, ROWS.with_name("menus.jsonl").read_text(encoding="utf-8").splitlines())
    return [row["transcript"] for row in rows if row["split"] == split]


@pytest.mark.parametrize("split", ["test", "fresh", "fresh2"])
def test_every_menu_has_a_second_hands_labels_in_its_own_words(split: str) -> None:
    labels = second_labels(split)
    menus = {key_of(transcript): transcript for transcript in transcripts(split)}
    assert labels.keys() == menus.keys()
    for key, options in labels.items():
        said = f" {' '.join(token.text for token in tokenise(menus[key]))} "
        for option in options:
            label = " ".join(token.text for token in tokenise(option["label"]))
            assert f" {label} " in said, (key, option)

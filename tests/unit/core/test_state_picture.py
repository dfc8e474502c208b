"""The picture in the documents is the table in the code, and the table can be run."""

from __future__ import annotations

from pathlib import Path

from call_engine.core.explorer import OVER, TABLE
from call_engine.core.state_picture import page
from call_engine.core.utterance import ANNOUNCEMENT
from call_engine.core.vocabulary import phrases


def test_the_page_is_up_to_date() -> None:
    drawn = Path(__file__).parents[3] / "docs" / "explorer.md"
    assert drawn.read_text(encoding="utf-8") == page(), "run python -m call_engine.core.state_picture > docs/explorer.md"


def test_every_kind_of_utterance_is_answered_in_every_state() -> None:
    for state, rows in TABLE.items():
        if state != OVER:
            assert set(phrases.KINDS) | {ANNOUNCEMENT, "music", "silence", "busy"} <= rows.keys(), state


def test_every_state_is_known() -> None:
    assert all(after in TABLE for rows in TABLE.values() for _, after in rows.values())

"""What the engine counts on from a journal, on one that is new and on one that is opened again after a kill."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from call_engine.journal.file import Journal, JournalHeader

Make = Callable[[Path], Journal]
HEADER = JournalHeader(call_id="c1", request="digest", engine="here:1")


def new(folder: Path) -> Journal:
    return Journal.create(folder, HEADER)


def opened_again(folder: Path) -> Journal:
    Journal.create(folder, HEADER).close()
    return Journal.open(folder / "c1.jsonl")


def opened_after_a_torn_line(folder: Path) -> Journal:
    torn = Journal.create(folder, HEADER)
    torn.append("CallDialled", b'{"target":"x"}', b"{}")
    torn.close()
    torn.path.write_bytes(torn.path.read_bytes()[:-9])
    return Journal.open(torn.path)


@pytest.fixture(params=[new, opened_again, opened_after_a_torn_line])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Journal:
    make: Make = request.param
    return make(tmp_path)


def test_entries_are_numbered_kept_in_order_and_survive(journal: Journal) -> None:
    assert journal.header == HEADER
    written = [journal.append(f"Step{n}", b'{"n":%d}' % n, b'{"schema":1}') for n in range(5)]
    journal.sync()
    journal.sync()
    journal.close()
    journal.close()
    assert [entry.n for entry in written] == [0, 1, 2, 3, 4]
    again = Journal.open(journal.path)
    assert [(e.n, e.type, bytes(e.data), bytes(e.metadata)) for e in again.entries] == [
        (n, f"Step{n}", b'{"n":%d}' % n, b'{"schema":1}') for n in range(5)
    ]


def test_what_the_engine_needs_of_its_events_again(journal: Journal) -> None:
    assert (journal.number, journal.length_s) == ("", 0.0)
    journal.append("CallRequested", b'{"phone_number":"+18005551234"}', b"{}")
    journal.append("CallEnded", b'{"at_ms":61500}', b"{}")
    assert (journal.number, journal.length_s) == ("+18005551234", 61.5)


def test_it_can_be_removed_or_set_aside(journal: Journal, tmp_path: Path) -> None:
    kept = journal.set_aside(tmp_path / "aside")
    assert kept.read_bytes()
    assert not journal.path.exists()
    journal.remove()
    journal.remove()

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from call_engine.journal.file import Journal, JournalFailed, JournalHeader

HEADER = JournalHeader(call_id="c1", request="digest", engine="here:1")


def journal_with(folder: Path, n: int) -> Journal:
    journal = Journal.create(folder, HEADER)
    for i in range(n):
        journal.append("StepStarted", b'{"step_id":"s%d"}' % i, b'{"schema":1}')
    return journal


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    written = journal_with(tmp_path, 3)
    written.sync()
    written.close()
    found = Journal.open(tmp_path / "c1.jsonl")
    assert found.header == HEADER
    assert [(e.n, e.type, bytes(e.data)) for e in found.entries] == [(e.n, e.type, bytes(e.data)) for e in written.entries]


@pytest.mark.parametrize("lost", [1, 5, 30])
def test_a_line_that_a_crash_cut_off_is_removed_and_the_file_goes_on(tmp_path: Path, lost: int) -> None:
    journal = journal_with(tmp_path, 3)
    journal.close()
    raw = journal.path.read_bytes()
    journal.path.write_bytes(raw[:-lost])
    found = Journal.open(journal.path)
    assert [e.n for e in found.entries] == [0, 1]
    found.append("CallEnded", b"{}", b"{}")
    found.close()
    assert [e.type for e in Journal.open(journal.path).entries] == ["StepStarted", "StepStarted", "CallEnded"]


def test_what_a_call_cost_can_be_read_from_it(tmp_path: Path) -> None:
    journal = journal_with(tmp_path, 1)
    assert journal.put_through == ("", 0.0)
    journal.append("DeviceAnswered", b'{"at_ms":30000,"device":"mobile"}', b"{}")
    journal.append("CallEnded", b'{"at_ms":95000}', b"{}")
    assert journal.put_through == ("mobile", 65.0)


def test_a_changed_line_ends_the_file(tmp_path: Path) -> None:
    journal = journal_with(tmp_path, 3)
    journal.close()
    journal.path.write_bytes(journal.path.read_bytes().replace(b"s1", b"x1"))
    assert [e.n for e in Journal.open(journal.path).entries] == [0]


def test_a_call_has_one_journal(tmp_path: Path) -> None:
    journal_with(tmp_path, 0)
    with pytest.raises(FileExistsError):
        Journal.create(tmp_path, HEADER)


def test_what_is_synced_can_be_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose name is not on the disk is lost with a power cut, whatever is in it."""
    synced: list[str] = []
    real_fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.readlink(f"/proc/self/fd/{descriptor}")) or real_fsync(descriptor))
    journal = journal_with(tmp_path, 2)
    journal.sync()
    journal.append("CallEnded", b"{}", b"{}")
    journal.sync()
    assert synced == [str(tmp_path)]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = journal_with(tmp_path, 2)
    before = journal.path.read_bytes()
    real_write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda descriptor, line: real_write(descriptor, line[: len(line) // 2]))
        with pytest.raises(JournalFailed, match="disk is full"):
            journal.append("CallEnded", b"{}", b"{}")
    assert journal.path.read_bytes() == before
    assert journal.append("CallEnded", b"{}", b"{}").n == 2
    assert msgspec.json.decode(journal.path.read_bytes().splitlines()[-1])["entry"]["n"] == 2

"""One append-only file a call: a header line, then a line an event, each JSON with a checksum.

Durability: ``append`` is one ``write(2)``, so that a killed engine loses nothing; ``sync`` is ``fdatasync`` and is done by the
forwarder in a thread for whatever has come together (within some milliseconds), so that a power cut loses at most what was
written since. An append that fails leaves the file as it was. A line that a crash cut off is removed when the file is opened.
"""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import msgspec

SUFFIX = ".jsonl"
VERSION = 1  #: of the format of lines; events have versions of their own


class JournalFailed(Exception):
    """The event could not be written: what cannot be recorded must not be done."""


class JournalHeader(msgspec.Struct, frozen=True, kw_only=True):
    """``request`` is a digest of what was asked for: the same call id with another plan is a mistake of the caller."""

    call_id: str
    request: str
    engine: str
    journal: int = VERSION


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Event number ``n`` of the call, as it is (or will be) in the store."""

    n: int
    type: str
    data: msgspec.Raw
    metadata: msgspec.Raw


class _Known(msgspec.Struct):
    """What the engine itself reads from events again."""

    phone_number: str = ""
    at_ms: int = 0
    device: str = ""


class _Line(msgspec.Struct, frozen=True):
    crc: int
    entry: msgspec.Raw


class Journal:
    """The file of one call. ``entries`` holds all of them in memory too; a call has hundreds, not millions."""

    def __init__(self, path: Path, header: JournalHeader, entries: list[Entry], descriptor: int, size: int) -> None:
        self.path, self.header, self.entries = path, header, entries
        self._descriptor, self._size, self._synced = descriptor, size, size
        self._named = False  #: the folder's entry for this file is on the disk

    @classmethod
    def create(cls, directory: Path, header: JournalHeader) -> Journal:
        """A new file. Raises FileExistsError for a call that has one, JournalFailed."""
        path = directory / (header.call_id + SUFFIX)
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND
        try:
            descriptor = os.open(path, flags, 0o600)
        except FileExistsError:
            raise
        except OSError as problem:
            raise JournalFailed(f"{path}: {problem.strerror}") from problem
        journal = cls(path, header, [], descriptor, 0)
        try:
            journal._write(msgspec.json.encode(header) + b"\n")
        except JournalFailed:
            journal.close()
            path.unlink()
            raise
        return journal

    @classmethod
    def open(cls, path: Path) -> Journal:
        """An existing file, cut after its last whole line. Raises ValueError for one without a header, or of another version."""
        raw = path.read_bytes()
        end = raw.find(b"\n") + 1
        if not end:
            raise ValueError(f"{path}: no header")
        header = msgspec.json.decode(raw[:end], type=JournalHeader)
        if header.journal != VERSION:
            raise ValueError(f"{path}: written by another version (journal {header.journal}, this one reads {VERSION})")
        entries: list[Entry] = []
        while (newline := raw.find(b"\n", end)) >= 0:
            entry = _decode(raw[end:newline], len(entries))
            if entry is None:
                break
            entries.append(entry)
            end = newline + 1
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.ftruncate(descriptor, end)
        return cls(path, header, entries, descriptor, end)

    @property
    def number(self) -> str:
        """Who was called."""
        return msgspec.json.decode(self.entries[0].data, type=_Known).phone_number if self.entries else ""

    @property
    def length_s(self) -> float:
        """Call time of the last event."""
        return msgspec.json.decode(self.entries[-1].data, type=_Known).at_ms / 1000 if self.entries else 0.0

    @property
    def put_through(self) -> tuple[str, float]:
        """The device that was picked up first, and how many seconds of the call that was before its end; an empty name for none."""
        for entry in self.entries:
            if entry.type == "DeviceAnswered":
                known = msgspec.json.decode(entry.data, type=_Known)
                return known.device, self.length_s - known.at_ms / 1000
        return "", 0.0

    def append(self, type_name: str, data: bytes, metadata: bytes) -> Entry:
        """Writes the next event. Raises JournalFailed, and then the file is as before."""
        entry = Entry(n=len(self.entries), type=type_name, data=msgspec.Raw(data), metadata=msgspec.Raw(metadata))
        body = msgspec.json.encode(entry)
        self._write(msgspec.json.encode(_Line(zlib.crc32(body), msgspec.Raw(body))) + b"\n")
        self.entries.append(entry)
        return entry

    def sync(self) -> None:
        """Puts on the disk what was written so far. May be called from another thread."""
        size = self._size
        if size > self._synced:
            os.fdatasync(self._descriptor)
            self._sync_name()
            self._synced = size

    def _sync_name(self) -> None:
        """Once: without it a power cut may lose a new file, however well its contents are kept."""
        if not self._named:
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
            self._named = True

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def remove(self) -> None:
        """The store has it all."""
        self.close()
        self.path.unlink(missing_ok=True)

    def set_aside(self, directory: Path) -> Path:
        """Keeps a file that the store will not take, for people to look at."""
        directory.mkdir(parents=True, exist_ok=True)
        target = directory / self.path.name
        os.replace(self.path, target)
        self.close()
        return target

    def _write(self, line: bytes) -> None:
        try:
            written = os.write(self._descriptor, line)
            if written == len(line):
                self._size += written
                return
            problem = "the disk is full"
        except OSError as error:
            problem = error.strerror or str(error)
        try:
            os.ftruncate(self._descriptor, self._size)
        except OSError:
            pass  # the checksum tells the torn line when the file is opened again
        raise JournalFailed(f"{self.path}: {problem}")


def _decode(line: bytes, n: int) -> Entry | None:
    try:
        outer = msgspec.json.decode(line, type=_Line)
        entry = msgspec.json.decode(outer.entry, type=Entry)
    except msgspec.DecodeError:
        return None
    # Raw keeps a view of its buffer: the copies let go of the line.
    entry = Entry(n=entry.n, type=entry.type, data=entry.data.copy(), metadata=entry.metadata.copy())
    return entry if zlib.crc32(bytes(outer.entry)) == outer.crc and entry.n == n else None

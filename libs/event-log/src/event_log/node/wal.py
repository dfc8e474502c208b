"""Is a write-ahead log damaged, or merely cut off by a crash?

Frames of a transaction are written, then fsynced, then the next transaction is written. A crash can therefore spoil frames of
the *last* transaction only, which nobody was told of. A bad frame that is followed by the commits of two or more transactions
was once good, and acknowledged. Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PAGE_BYTES = 8192  # of every store of ours
HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24
_MAGIC_LITTLE, _MAGIC_BIG = 0x377F0682, 0x377F0683


def torn_commits(wal: Path) -> int | None:
    """The offset of a bad frame, or header, with acknowledged transactions after it, or None."""
    if not wal.exists() or wal.stat().st_size < HEADER_BYTES + FRAME_HEADER_BYTES:
        return None
    with wal.open("rb") as file:
        header = file.read(HEADER_BYTES)
        magic, _, page_bytes, _, salt_1, salt_2, *sums = struct.unpack(">8I", header)
        order = "<" if magic == _MAGIC_LITTLE else ">"
        running = checksum(order, header[:24])
        if magic not in (_MAGIC_LITTLE, _MAGIC_BIG) or running != tuple(sums):
            return 0 if _commits_under_a_bad_header(file) >= 2 else None
        bad_at, commits_after = None, 0
        for offset, frame, page in _frames(file, page_bytes):
            _, commit_pages, frame_salt_1, frame_salt_2, *sums = struct.unpack(">6I", frame)
            if (frame_salt_1, frame_salt_2) != (salt_1, salt_2):
                bad_at = offset if bad_at is None else bad_at
            elif bad_at is not None:
                commits_after += commit_pages != 0
            else:
                running = checksum(order, page, checksum(order, frame[:8], running))
                bad_at = offset if running != tuple(sums) else None
        return bad_at if commits_after >= 2 else None


def _commits_under_a_bad_header(file: BinaryIO) -> int:
    """The header is fsynced before the first frame, so frames of one age (salt) after it mean that it was good."""
    file.seek(HEADER_BYTES)
    frames = [struct.unpack(">6I", frame) for _, frame, _ in _frames(file, PAGE_BYTES)]
    return sum(frame[1] != 0 and frame[2:4] == frames[0][2:4] for frame in frames)


def _frames(file: BinaryIO, page_bytes: int) -> Iterator[tuple[int, bytes, bytes]]:
    offset = HEADER_BYTES
    while chunk := file.read(FRAME_HEADER_BYTES + page_bytes):
        if len(chunk) == FRAME_HEADER_BYTES + page_bytes:
            yield offset, chunk[:FRAME_HEADER_BYTES], chunk[FRAME_HEADER_BYTES:]
        offset += len(chunk)


def checksum(order: str, data: bytes, start: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """SQLite's running checksum over pairs of 32-bit words."""
    first, second = start
    for one, two in struct.iter_unpack(f"{order}2I", data):
        first = first + one + second & 0xFFFFFFFF
        second = second + two + first & 0xFFFFFFFF
    return first, second

"""Is a write-ahead log damaged, or merely cut off by a crash?

Frames of a transaction are written, then fsynced, then the next transaction is written. A crash can therefore spoil frames of
the *last* transaction only, which nobody was told of. A bad frame that is followed by the commits of two or more transactions
was once good, and acknowledged. Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24
_MAGIC_LITTLE, _MAGIC_BIG = 0x377F0682, 0x377F0683


def torn_commits(wal: Path) -> int | None:
    """The offset of a bad frame with acknowledged transactions after it, or None."""
    if not wal.exists() or wal.stat().st_size < HEADER_BYTES + FRAME_HEADER_BYTES:
        return None
    with wal.open("rb") as file:
        header = file.read(HEADER_BYTES)
        magic, _, page_bytes, _, salt_1, salt_2, sum_1, sum_2 = struct.unpack(">8I", header)
        if magic not in (_MAGIC_LITTLE, _MAGIC_BIG):
            return None
        order = "<" if magic == _MAGIC_LITTLE else ">"
        running = checksum(order, header[:24])
        if running != (sum_1, sum_2):
            return None
        bad_at, commits_after = None, 0
        for offset, frame, page in _frames(iter(lambda: file.read(FRAME_HEADER_BYTES + page_bytes), b""), page_bytes):
            _, commit_pages, frame_salt_1, frame_salt_2, sum_1, sum_2 = struct.unpack(">6I", frame)
            if (frame_salt_1, frame_salt_2) != (salt_1, salt_2):
                if bad_at is None:
                    bad_at = offset
                continue
            if bad_at is None:
                running = checksum(order, page, checksum(order, frame[:8], running))
                if running != (sum_1, sum_2):
                    bad_at = offset
                    continue
            else:
                commits_after += commit_pages != 0
        return bad_at if commits_after >= 2 else None


def _frames(chunks: Iterator[bytes], page_bytes: int) -> Iterator[tuple[int, bytes, bytes]]:
    offset = HEADER_BYTES
    for chunk in chunks:
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

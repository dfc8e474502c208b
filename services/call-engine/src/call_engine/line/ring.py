"""Frames from the line process to the engine through shared memory: one writer, one reader, no lock.

Layout (native byte order, both sides on one machine):

    0    u64  written   frames ever written; the writer's
    64   u64  taken     frames ever taken;   the reader's (a cache line of its own)
    72   u64  calls     how often the reader's side has called for attention; the reader's
    128  SLOTS x { u64 number; i16[160] pcm }

``number`` counts 20 ms ticks of the line since its first frame. A full ring drops the new frame, the number still moves on, so
the reader sees how many were lost and keeps call time true. Each side stores its own counter only after it is done with the
slots; an aligned 8-byte store is one instruction, and stores stay in order on x86 and behind the interpreter's lock elsewhere.
"""

from __future__ import annotations

import mmap
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

FRAME_BYTES = 320
SLOT_BYTES = 8 + FRAME_BYTES
SLOTS = 512  #: 10.24 s
WRITTEN_AT = 0
TAKEN_AT = 64
CALLS_AT = 72
SLOTS_AT = 128
RING_BYTES = SLOTS_AT + SLOTS * SLOT_BYTES
SILENCE = bytes(FRAME_BYTES)


def create_ring() -> int:
    """A file descriptor of anonymous shared memory; it goes when the last process that has it is gone."""
    descriptor = os.memfd_create("line-frames", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, RING_BYTES)
    return descriptor


class RingWriter:
    """The line process's end. Not thread-safe: the audio clock alone writes."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, RING_BYTES)
        self._words = memoryview(self._memory).cast("Q")
        self._number = self._written = 0

    @property
    def calls(self) -> int:
        """Grows when the engine wants attention: cheaper to look at than the socket."""
        return self._words[CALLS_AT // 8]

    def write(self, pcm: Buffer | None) -> None:
        """One frame of 320 bytes; None is silence. A full ring drops it."""
        number, written = self._number, self._written
        self._number = number + 1
        if written - self._words[TAKEN_AT // 8] >= SLOTS:
            return
        at = SLOTS_AT + (written % SLOTS) * SLOT_BYTES
        self._words[at // 8] = number
        self._memory[at + 8 : at + SLOT_BYTES] = SILENCE if pcm is None else pcm
        self._written = self._words[WRITTEN_AT // 8] = written + 1

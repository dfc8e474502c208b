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

import ctypes
import mmap
import os

FRAME_BYTES = 320
SLOT_BYTES = 8 + FRAME_BYTES
SLOTS = 512  #: 10.24 s
WRITTEN_AT = 0
TAKEN_AT = 64
CALLS_AT = 72
SLOTS_AT = 128
RING_BYTES = SLOTS_AT + SLOTS * SLOT_BYTES


def create_ring() -> int:
    """A file descriptor of anonymous shared memory; it goes when the last process that has it is gone."""
    descriptor = os.memfd_create("line-frames", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, RING_BYTES)
    return descriptor


class RingWriter:
    """The line process's end. Not thread-safe: the audio clock alone writes."""

    def __init__(self, descriptor: int) -> None:
        memory = mmap.mmap(descriptor, RING_BYTES)
        self._words = memoryview(memory).cast("Q")
        self._base = ctypes.addressof(ctypes.c_char.from_buffer(memory, SLOTS_AT))
        self._number = self._written = 0

    @property
    def calls(self) -> int:
        """Grows when the engine wants attention: cheaper to look at than the socket."""
        return self._words[CALLS_AT // 8]

    def write_from(self, address: int) -> None:
        """Copy one frame of 320 bytes from memory at ``address``; from 0 a silent one. A full ring drops it."""
        number, written = self._number, self._written
        self._number = number + 1
        if written - self._words[TAKEN_AT // 8] >= SLOTS:
            return
        at = (written % SLOTS) * SLOT_BYTES
        self._words[(SLOTS_AT + at) // 8] = number
        if address:
            ctypes.memmove(self._base + at + 8, address, FRAME_BYTES)
        else:
            ctypes.memset(self._base + at + 8, 0, FRAME_BYTES)
        self._written = self._words[WRITTEN_AT // 8] = written + 1

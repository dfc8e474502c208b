"""Frames from the line process to the engine through shared memory: one writer, one reader, no lock.

Layout (native byte order, both sides on one machine):

    0    u64  written   frames ever written; the writer's
    64   u64  taken     frames ever taken;   the reader's (a cache line of its own)
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
        self._memory = mmap.mmap(descriptor, RING_BYTES)
        self._written = ctypes.c_uint64.from_buffer(self._memory, WRITTEN_AT)
        self._taken = ctypes.c_uint64.from_buffer(self._memory, TAKEN_AT)
        self._base = ctypes.addressof(ctypes.c_char.from_buffer(self._memory, SLOTS_AT))
        self._number = 0

    def write_from(self, address: int) -> None:
        """Copy one frame of 320 bytes from memory at ``address``."""
        slot = self._next_slot()
        if slot:
            ctypes.memmove(slot + 8, address, FRAME_BYTES)
            self._written.value += 1

    def write_silence(self) -> None:
        slot = self._next_slot()
        if slot:
            ctypes.memset(slot + 8, 0, FRAME_BYTES)
            self._written.value += 1

    def _next_slot(self) -> int:
        """The address of the next free slot with its number filled in; 0 when the ring is full."""
        number, self._number = self._number, self._number + 1
        written = self._written.value
        if written - self._taken.value >= SLOTS:
            return 0
        slot = self._base + (written % SLOTS) * SLOT_BYTES
        ctypes.c_uint64.from_address(slot).value = number
        return slot

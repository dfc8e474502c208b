"""Sound in and out of the conference bridge: the ear that fills the ring, recordings to play, in-band digits."""

# ruff: noqa: N802 - the callbacks have the names PJSIP gives them
from __future__ import annotations

import ctypes
import os
import struct

import pjsua2 as pj

from call_engine.line.ring import FRAME_BYTES, RingWriter

FRAME_MS = 20
FRAME_SAMPLES = 160
SAMPLE_RATE_HZ = 8000
PLAYABLE_SAMPLES_MIN = 800  #: PJMEDIA refuses files shorter than its read buffer
TONE_VOLUME = 14_100  #: PJMEDIA halves it for each of two tones: −10 dBm0 (a sine of amplitude 32 124 is +3.17 dBm0, ITU-T G.711)
DTMF_HZ = {
    digit: (row, column)
    for row, digits in ((697, "123A"), (770, "456B"), (852, "789C"), (941, "*0#D"))
    for digit, column in zip(digits, (1209, 1336, 1477, 1633), strict=True)
}


def first_byte(vector: pj.ByteVector) -> int:
    """The address of a std::vector's first element: its first word points there. ``bytes(vector)`` takes ten times as long."""
    return ctypes.c_size_t.from_address(int(vector.this)).value


class Ear(pj.AudioMediaPort):  # type: ignore[misc]
    """Called by the audio clock every 20 ms, connected or not: it is the line's clock too."""

    def __init__(self, ring: RingWriter) -> None:
        super().__init__()
        self._ring = ring
        self.ticks = 0
        self.open = False
        self.createPort("ear", _format())

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:
        self.ticks += 1
        if not self.open:
            return
        buffer = frame.buf
        if frame.size == FRAME_BYTES and len(buffer) == FRAME_BYTES:
            self._ring.write_from(first_byte(buffer))
        else:
            self._ring.write_silence()


class Recording:
    """PCM played once. ``ticks`` long; it is over when that many ticks have gone by."""

    def __init__(self, pcm: bytes) -> None:
        samples = len(pcm) // 2
        self.ticks = -(-samples // FRAME_SAMPLES)
        padding = b"\0\0" * max(PLAYABLE_SAMPLES_MIN - samples, 0)
        descriptor = os.memfd_create("recording", os.MFD_CLOEXEC)
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(wav_header(len(pcm) + len(padding)) + pcm + padding)
        self._player = pj.AudioMediaPlayer()
        try:
            self._player.createPlayer(f"/proc/self/fd/{descriptor}", pj.PJMEDIA_FILE_NO_LOOP)
        finally:
            os.close(descriptor)

    def play_to(self, sink: pj.AudioMedia) -> None:
        connect(self._player, sink)

    def stop(self, sink: pj.AudioMedia) -> None:
        disconnect(self._player, sink)


class Keypad:
    """In-band digits, both tones at −10 dBm0 (the field's usual sending level)."""

    def __init__(self) -> None:
        self._tones = pj.ToneGenerator()
        self._tones.createToneGenerator(SAMPLE_RATE_HZ)

    def press(self, digit: str, on_ms: int, sink: pj.AudioMedia) -> None:
        tone = pj.ToneDesc()
        tone.freq1, tone.freq2 = DTMF_HZ[digit]
        tone.on_msec, tone.off_msec, tone.volume, tone.flags = on_ms, 0, TONE_VOLUME, 0
        connect(self._tones, sink)
        self._tones.play(pj.ToneDescVector([tone]), False)


def wav_header(data_bytes: int) -> bytes:
    """Of 8 kHz mono 16-bit PCM."""
    shape = struct.pack("<HHIIHH", 1, 1, SAMPLE_RATE_HZ, 2 * SAMPLE_RATE_HZ, 2, 16)
    return (
        b"RIFF" + struct.pack("<I", 36 + data_bytes) + b"WAVEfmt " + struct.pack("<I", 16) + shape + b"data" + struct.pack("<I", data_bytes)
    )


def _format() -> pj.MediaFormatAudio:
    shape = pj.MediaFormatAudio()
    shape.type = pj.PJMEDIA_TYPE_AUDIO
    shape.clockRate, shape.channelCount, shape.bitsPerSample = SAMPLE_RATE_HZ, 1, 16
    shape.frameTimeUsec = FRAME_MS * 1000
    return shape


def connect(source: pj.AudioMedia, sink: pj.AudioMedia) -> bool:
    """Let ``sink`` hear ``source``. False when one of them has just gone."""
    try:
        source.startTransmit(sink)
    except pj.Error:
        return False
    return True


def disconnect(source: pj.AudioMedia, sink: pj.AudioMedia) -> None:
    try:
        source.stopTransmit(sink)
    except pj.Error:
        return

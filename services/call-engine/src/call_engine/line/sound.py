"""Sound in and out of the conference bridge: the ear that fills the ring, the mouth that says PCM, in-band digits."""

# ruff: noqa: N802 - the callbacks have the names PJSIP gives them
from __future__ import annotations

import ctypes

import pjsua2 as pj

from call_engine.line.ring import FRAME_BYTES, RingWriter

FRAME_MS = 20
FRAME_SAMPLES = 160
SAMPLE_RATE_HZ = 8000
TONE_VOLUME = 14_100  #: PJMEDIA halves it for each of two tones: −10 dBm0 (a sine of amplitude 32 124 is +3.17 dBm0, ITU-T G.711)
DTMF_HZ = {
    digit: (row, column)
    for row, digits in ((697, "123A"), (770, "456B"), (852, "789C"), (941, "*0#D"))
    for digit, column in zip(digits, (1209, 1336, 1477, 1633), strict=True)
}


class _MediaFrame(ctypes.Structure):
    """``pj::MediaFrame`` in memory: the vector is three pointers."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("begin", ctypes.c_size_t),
        ("end", ctypes.c_size_t),
        ("capacity_end", ctypes.c_size_t),
        ("size", ctypes.c_uint),
    ]  # fmt: skip


_FrameBytes = ctypes.c_ubyte * FRAME_BYTES


class FrameMemory:
    """Where the bytes of a frame are. Frames mostly come from the same place, which is then looked at without anything being made.

    Going through SWIG's properties takes several times as long, ``bytes(frame.buf)`` tens of times.
    """

    def __init__(self) -> None:
        self._address = self._begin = 0
        self._frame = _MediaFrame()
        self._bytes = _FrameBytes()

    def of(self, frame: pj.MediaFrame) -> ctypes.Array[ctypes.c_ubyte] | None:
        """The 320 bytes in place; None for a frame of another length (there is no sound)."""
        address = int(frame.this)
        if address != self._address:
            self._address, self._frame = address, _MediaFrame.from_address(address)
        begin = self._frame.begin
        if self._frame.end - begin != FRAME_BYTES:
            return None
        if begin != self._begin:
            self._begin, self._bytes = begin, _FrameBytes.from_address(begin)
        return self._bytes


def keep_thread_state() -> None:
    """Called once on a thread of PJSIP's: Python then keeps what it otherwise maps and unmaps at every callback there."""
    ctypes.pythonapi.PyGILState_Ensure()


class Ear(pj.AudioMediaPort):  # type: ignore[misc]
    """Called by the audio clock every 20 ms, connected or not: it is the line's clock too."""

    def __init__(self, ring: RingWriter) -> None:
        super().__init__()
        self._ring, self._memory = ring, FrameMemory()
        self.ticks = 0
        self.open = False
        self.createPort("ear", _format())

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:
        if not self.ticks:
            keep_thread_state()
        self.ticks += 1
        if not self.open:
            return
        self._ring.write(self._memory.of(frame))


class Mouth(pj.AudioMediaPort):  # type: ignore[misc]
    """Says PCM to whoever is connected. Once made it lives as long as the line: a file player that is destroyed while its
    end-of-file event is still under way takes the process with it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pcm, self._memory = b"", FrameMemory()
        self._at = 0
        self.createPort("mouth", _format())

    def begin(self, pcm: bytes) -> None:
        self._at = 0
        self._pcm = pcm + b"\0" * (-len(pcm) % FRAME_BYTES)

    def stop(self) -> None:
        self._pcm = b""

    @property
    def done(self) -> bool:
        return self._at >= len(self._pcm)

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:
        """The bridge beats every port, also one that takes no sound; without this the beat goes to Python and back to C++."""

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:
        pcm = self._pcm[self._at : self._at + FRAME_BYTES]
        if len(pcm) < FRAME_BYTES:
            frame.type, frame.size = pj.PJMEDIA_FRAME_TYPE_NONE, 0
            return
        frame.buf.resize(FRAME_BYTES)
        room = self._memory.of(frame)
        if room is not None:
            room[:] = pcm  # type: ignore[call-overload]
        frame.type, frame.size = pj.PJMEDIA_FRAME_TYPE_AUDIO, FRAME_BYTES
        self._at += FRAME_BYTES


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

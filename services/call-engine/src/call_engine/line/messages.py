"""What engine and line process say to each other: msgpack values, each behind its length, over one socket pair.

Commands of the core and facts about the line travel as they are (``core.effects``, ``core.happenings``); the rest is here.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterator

import msgspec

from call_engine.core.effects import Bridge, CancelDevice, HangUp, Press, RecordConversation, RingDevice, StopPlaying
from call_engine.core.happenings import (
    Answered,
    DeviceGone,
    DevicePickedUp,
    DeviceRang,
    DigitsDelivered,
    FarDigit,
    LegsBridged,
    LineEnded,
    PlaybackEnded,
    RecordingBegan,
    Ringing,
)
from call_engine.line.settings import SipSettings


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of what is neither an effect nor a happening."""


class Configure(Message, frozen=True, kw_only=True, tag=True):
    """The first command. ``settings`` hold the password, which is why they do not come by command line."""

    settings: SipSettings
    register: bool = False  #: be the process that registers; such a process takes no calls


class Dial(Message, frozen=True, kw_only=True, tag=True):
    target: str


class PlaySamples(Message, frozen=True, kw_only=True, tag=True):
    """8 kHz mono PCM, int16 in native order. ``both``: not to the company alone."""

    playback_id: str
    pcm: bytes
    both: bool = False


class Leave(Message, frozen=True, kw_only=True, tag=True):
    """Hang up what is up and end the process."""


class Ping(Message, frozen=True, kw_only=True, tag=True):
    """Are you alive? The answer is Pong, from the loop that does everything."""


class Pong(Message, frozen=True, kw_only=True, tag=True):
    pass


class Ready(Message, frozen=True, kw_only=True, tag=True):
    """The answer to Configure: the line can dial. ``failure`` says why it cannot, and then it ends."""

    pid: int
    local_address: str = ""
    codecs: tuple[str, ...] = ()  #: of those wanted, what the stack has
    ciphers: tuple[str, ...] = ()  #: of SRTP, with keys by SDES
    failure: str = ""


class DialogKept(Message, frozen=True, kw_only=True, tag=True):
    """What another process needs to end a leg: with BYE (RFC 3261 section 12.2.1.1) or, while ``via`` is set, CANCEL (section 9.1)."""

    leg: str
    call_id: str
    local: str  #: our From header's value, with tag
    remote: str  #: their To header's value, with tag
    target: str  #: their Contact URI; before the answer, the INVITE's
    routes: tuple[str, ...]
    cseq: int
    transport: str
    local_address: str
    next_hop: str  #: where the answer came from, host:port
    via: str = ""  #: of an INVITE not answered yet


class DialogOver(Message, frozen=True, kw_only=True, tag=True):
    leg: str


class LineStats(Message, frozen=True, kw_only=True, tag=True):
    """Of the company leg's RTP, about every five seconds and at the end."""

    packets: int
    lost: int
    discarded: int
    jitter_us: int


class Registration(Message, frozen=True, kw_only=True, tag=True):
    """The state of the trunk account, from the process that registers."""

    active: bool
    code: int
    reason: str
    expires_s: int


Command = (
    Configure | Dial | PlaySamples | Leave | Ping | Press | RingDevice | CancelDevice | Bridge | RecordConversation | HangUp | StopPlaying
)
News = (
    Ready | Pong | DialogKept | DialogOver | LineStats | Registration
    | Ringing | Answered | LineEnded | DigitsDelivered | PlaybackEnded
    | DeviceRang | DevicePickedUp | DeviceGone | LegsBridged | RecordingBegan | FarDigit
)  # fmt: skip

LENGTH = struct.Struct("!I")
MESSAGE_BYTES_MAX = 64 * 1024 * 1024

NEWS_OF_PROCESS = struct.Struct("!Bii")  #: what the nursery says: a ProcessNews, the pid, the exit code as Python gives it


class ProcessNews(enum.IntEnum):
    BORN = 1
    DIED = 2


_encoder = msgspec.msgpack.Encoder()
decode_command = msgspec.msgpack.Decoder[Command](Command).decode
decode_news = msgspec.msgpack.Decoder[News](News).decode


class BrokenFraming(Exception):
    """The other side does not speak this protocol."""


def framed(message: Command | News) -> bytes:
    body = _encoder.encode(message)
    return LENGTH.pack(len(body)) + body


class Unframer:
    """Cuts a byte stream into message bodies. However the bytes are chunked, the bodies are the same."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self._buffer += chunk
        while len(self._buffer) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._buffer)
            if length > MESSAGE_BYTES_MAX:
                raise BrokenFraming(f"a message of {length} bytes")
            end = LENGTH.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[LENGTH.size : end])
            del self._buffer[:end]
            yield body

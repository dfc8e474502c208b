"""Header blocks: RFC 7541. What comes is decoded in full; what is sent never refers to earlier headers, so it needs no state."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from event_log.node.http2 import huffman

Header = tuple[bytes, bytes]
TABLE_BYTES = 4096  # of the table that encoder and decoder keep: the default of HTTP/2
ENTRY_OVERHEAD_BYTES = 32
MET_MAX = 64
LIST_BYTES_MAX = 16 << 10  # of the headers of one request

_STATIC_NAMES = """
:authority :method :method :path :path :scheme :scheme :status :status :status :status :status :status :status accept-charset
accept-encoding accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control
content-disposition content-encoding content-language content-length content-location content-range content-type cookie date etag
expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified link location
max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after server set-cookie strict-transport-security
transfer-encoding user-agent vary via www-authenticate
"""
_STATIC_VALUES = "|GET|POST|/|/index.html|http|https|200|204|206|304|400|404|500||gzip, deflate"  # the others have none
STATIC: tuple[Header, ...] = tuple(
    (name.encode(), value.encode()) for name, value in zip_longest(_STATIC_NAMES.split(), _STATIC_VALUES.split("|"), fillvalue="")
)
STATUS_200 = b"\x88"


class BadHeaders(ValueError):
    """The block cannot be decoded; from here on the two sides' tables differ, so the connection has to end."""


class HeaderDecoder:
    """Of one direction of one connection. Every block has to go through it, in order."""

    def __init__(self) -> None:
        self._table: deque[Header] = deque()
        self._size, self._size_max, self._table_changed = 0, TABLE_BYTES, False
        self._met: dict[bytes, Mapping[bytes, bytes]] = {}  # blocks since the table last changed: calls of one kind are alike

    def decode(self, block: bytes) -> Mapping[bytes, bytes]:
        """The headers; of several with one name, the last. Raises BadHeaders."""
        headers = self._met.get(block)
        if headers is None:
            self._table_changed = False
            headers = self._decoded(block)
            if self._table_changed or len(self._met) >= MET_MAX:
                self._met.clear()
            if not self._table_changed:  # what fills the table has to do so every time it comes
                self._met[block] = headers
        return headers

    def _decoded(self, block: bytes) -> Mapping[bytes, bytes]:
        headers, at, size = dict[bytes, bytes](), 0, 0
        try:
            while at < len(block):
                first = block[at]
                if first & 0x80:
                    index, at = _integer(block, at, 7)
                    header = self._entry(index)
                elif first & 0x40:
                    header, at = self._literal(block, at, 6)
                    self._add(header)
                elif first & 0x20:
                    size_max, at = _integer(block, at, 5)
                    self._resize(size_max, at_beginning=not headers)
                    continue
                else:
                    header, at = self._literal(block, at, 4)
                size += len(header[0]) + len(header[1]) + ENTRY_OVERHEAD_BYTES
                if size > LIST_BYTES_MAX:
                    raise BadHeaders(f"more than {LIST_BYTES_MAX} bytes of headers")
                headers[header[0]] = header[1]
        except (IndexError, huffman.BadHuffmanCode) as error:
            raise BadHeaders(str(error)) from None
        return headers

    def _entry(self, index: int) -> Header:
        if index == 0:
            raise BadHeaders("there is no header 0")
        return STATIC[index - 1] if index <= len(STATIC) else self._table[index - 1 - len(STATIC)]

    def _literal(self, block: bytes, at: int, prefix_bits: int) -> tuple[Header, int]:
        index, at = _integer(block, at, prefix_bits)
        if index:
            name = self._entry(index)[0]
        else:
            name, at = _string(block, at)
        value, at = _string(block, at)
        return (name, value), at

    def _add(self, header: Header) -> None:
        self._table.appendleft(header)
        self._table_changed = True
        self._size += len(header[0]) + len(header[1]) + ENTRY_OVERHEAD_BYTES
        self._shrink()

    def _resize(self, size_max: int, *, at_beginning: bool) -> None:
        if size_max > TABLE_BYTES or not at_beginning:
            raise BadHeaders("the table cannot be resized so")
        self._size_max = size_max
        self._table_changed = True
        self._shrink()

    def _shrink(self) -> None:
        while self._size > self._size_max:
            name, value = self._table.pop()
            self._size -= len(name) + len(value) + ENTRY_OVERHEAD_BYTES


def encode(headers: Iterable[Header]) -> bytes:
    """As literals that nobody has to remember."""
    return b"".join(b"\x00%b%b%b%b" % (_length(name), name, _length(value), value) for name, value in headers)


def _length(text: bytes) -> bytes:
    """A 7-bit prefix integer, with the bit that says Huffman unset."""
    rest = len(text) - 0x7F
    if rest < 0:
        return bytes((len(text),))
    parts = bytearray((0x7F,))
    while rest > 0x7F:
        parts.append(rest & 0x7F | 0x80)
        rest >>= 7
    parts.append(rest)
    return bytes(parts)


def _integer(block: bytes, at: int, prefix_bits: int) -> tuple[int, int]:
    """A number that begins in the low bits of a byte, and where it ends. Raises IndexError where the block ends too soon."""
    prefix_max = (1 << prefix_bits) - 1
    number, at = block[at] & prefix_max, at + 1
    if number < prefix_max:
        return number, at
    for shift in range(0, 28, 7):
        byte, at = block[at], at + 1
        number += (byte & 0x7F) << shift
        if not byte & 0x80:
            return number, at
    raise BadHeaders("a number is too long")


def _string(block: bytes, at: int) -> tuple[bytes, int]:
    encoded = block[at] & 0x80
    length, at = _integer(block, at, 7)
    end = at + length
    if end > len(block):
        raise BadHeaders("a header is cut off")
    raw = block[at:end]
    return (huffman.decode(raw) if encoded else raw), end

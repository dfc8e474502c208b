"""Unpack Rob Northen's compression, method 1: what one of the voice sources is packed with.

Huffman codes and back references; bits are taken from little-endian 16-bit words, lowest first, raw bytes from between the words.
"""

from __future__ import annotations

MAGIC = b"RNC\x01"
_HEADER = 18

Table = dict[tuple[int, int], int]  #: (length, code) → value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.buffer, self.count = data, _HEADER, 0, 0

    def bits(self, amount: int) -> int:
        while self.count < amount:
            self.buffer |= int.from_bytes(self.data[self.at : self.at + 2], "little") << self.count
            self.at += 2
            self.count += 16
        value = self.buffer & ((1 << amount) - 1)
        self.buffer >>= amount
        self.count -= amount
        return value

    def raw(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]

    def table(self) -> Table:
        lengths = [self.bits(4) for _ in range(self.bits(5))]
        found: Table = {}
        code = 0
        for length in range(1, 17):
            for value, its_length in enumerate(lengths):
                if its_length == length:
                    found[length, code >> (16 - length)] = value
                    code += 1 << (16 - length)
        return found

    def value(self, table: Table) -> int:
        code = length = 0
        while (length, code) not in table or length == 0:
            code = code << 1 | self.bits(1)
            length += 1
            if length > 16:
                raise ValueError("not a packed file of method 1")
        value = table[length, code]
        return value if value < 2 else self.bits(value - 1) | 1 << (value - 1)


def unpack(data: bytes) -> bytes:
    """The contents of a packed file. Raises ValueError when it is none."""
    if data[:4] != MAGIC:
        raise ValueError("not a packed file of method 1")
    reader, out = _Reader(data), bytearray()
    reader.bits(2)
    for _ in range(data[17]):
        raw, offsets, lengths = reader.table(), reader.table(), reader.table()
        count = reader.bits(16)
        while count:
            out += reader.raw(reader.value(raw)) if raw else b""
            count -= 1
            if count:
                begin = len(out) - reader.value(offsets) - 1
                for i in range(reader.value(lengths) + 2):
                    out.append(out[begin + i])
    if len(out) != int.from_bytes(data[4:8], "big"):
        raise ValueError("a packed file of another length")
    return bytes(out)

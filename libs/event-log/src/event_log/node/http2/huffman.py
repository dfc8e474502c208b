"""The Huffman code of header strings: RFC 7541, appendix B.

The code is canonical, so how long each symbol's code is says everything: codes are counted up in the order of (length, symbol).
"""

from __future__ import annotations

from itertools import chain

EOS = 256


class BadHuffmanCode(ValueError):
    """No text was encoded this way."""


def _span(*bounds: int) -> list[int]:
    """The symbols from bounds[0] to bounds[1], from bounds[2] to bounds[3] and so on, both included."""
    return list(chain.from_iterable(range(first, last + 1) for first, last in zip(bounds[::2], bounds[1::2], strict=True)))


_SYMBOLS_BY_LENGTH: dict[int, list[int]] = {
    5: list(b"012aceiost"),
    6: list(b" %-./3456789=A_bdfghlmnpru"),
    7: list(b":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz"),
    8: list(b"&*,;XZ"),
    10: list(b'!"()?'),
    11: list(b"'+|"),
    12: list(b"#>"),
    13: list(b"\0$@[]~"),
    14: list(b"^}"),
    15: list(b"<`{"),
    19: [92, 195, 208],
    20: [128, 130, 131, 162, 184, 194, 224, 226],
    21: [153, 161, 167, 172, 176, 177, 179, 209, 216, 217, 227, 229, 230],
    22: [
        *[129, 132, 133, 134, 136, 146, 154, 156, 160, 163, 164, 169, 170],
        *[173, 178, 181, 185, 186, 187, 189, 190, 196, 198, 228, 232, 233],
    ],
    23: [
        *[1, 135, *_span(137, 141), 143, 147, *_span(149, 152), 155, 157, 158],
        *[165, 166, 168, 174, 175, 180, 182, 183, 188, 191, 197, 231, 239],
    ],
    24: [9, 142, 144, 145, 148, 159, 171, 206, 215, 225, 236, 237],
    25: [199, 207, 234, 235],
    26: [192, 193, 200, 201, 202, 205, 210, 213, 218, 219, 238, 240, 242, 243, 255],
    27: [203, 204, 211, 212, 214, 221, 222, 223, 241, *_span(244, 248), *_span(250, 254)],
    28: [*_span(2, 8, 11, 12, 14, 21, 23, 31), 127, 220, 249],
    30: [10, 13, 22, EOS],
}
LENGTH_MAX = 30


def _codes() -> dict[tuple[int, int], int]:
    """(length, code) → symbol."""
    codes, code, length_before = dict[tuple[int, int], int](), 0, 0
    for length, symbols in _SYMBOLS_BY_LENGTH.items():
        code <<= length - length_before
        length_before = length
        for symbol in symbols:
            codes[length, code] = symbol
            code += 1
    return codes


_SYMBOL = _codes()


def decode(encoded: bytes) -> bytes:
    """The text. Raises BadHuffmanCode."""
    text, code, length = bytearray(), 0, 0
    for byte in encoded:
        for shift in range(7, -1, -1):
            code, length = code << 1 | byte >> shift & 1, length + 1
            symbol = _SYMBOL.get((length, code))
            if symbol is not None:
                if symbol == EOS:
                    raise BadHuffmanCode("the end of the text stands in it")
                text.append(symbol)
                code, length = 0, 0
            elif length >= LENGTH_MAX:
                raise BadHuffmanCode("there is no such code")
    if length > 7 or code != (1 << length) - 1:
        raise BadHuffmanCode("the padding is not the beginning of the end's code")
    return bytes(text)

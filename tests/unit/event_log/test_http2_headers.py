"""Header blocks as RFC 7541 shows them, and as nobody should send them."""

from __future__ import annotations

import pytest
from event_log.node.http2 import hpack, huffman
from event_log.node.http2.hpack import BadHeaders, HeaderDecoder
from hypothesis import given
from hypothesis import strategies as st

_BITS = {symbol: f"{code:0{length}b}" for (length, code), symbol in huffman._SYMBOL.items()}


def huffman_encoded(text: bytes) -> bytes:
    bits = "".join(_BITS[byte] for byte in text)
    bits += "1" * (-len(bits) % 8)
    return int("0" + bits, 2).to_bytes(len(bits) // 8)


# Appendix C.4 and C.6.
@pytest.mark.parametrize(
    ("encoded", "text"),
    [
        ("f1e3c2e5f23a6ba0ab90f4ff", b"www.example.com"),
        ("a8eb10649cbf", b"no-cache"),
        ("25a849e95ba97d7f", b"custom-key"),
        ("d07abe941054d444a8200595040b8166e082a62d1bff", b"Mon, 21 Oct 2013 20:13:21 GMT"),
        ("94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007", None),
    ],
)
def test_huffman_as_in_the_standard(encoded: str, text: bytes | None) -> None:
    expected = b"foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1" if text is None else text
    assert huffman.decode(bytes.fromhex(encoded)) == expected


@given(st.binary(max_size=60))
def test_any_text_has_a_huffman_code(text: bytes) -> None:
    assert huffman.decode(huffman_encoded(text)) == text


# Appendix C.4: three requests on one connection, with Huffman codes; the second and third refer to what the first ones left.
def test_requests_that_refer_to_earlier_ones() -> None:
    decoder = HeaderDecoder()
    first = decoder.decode(bytes.fromhex("828684418cf1e3c2e5f23a6ba0ab90f4ff"))
    assert first == {b":method": b"GET", b":scheme": b"http", b":path": b"/", b":authority": b"www.example.com"}
    second = decoder.decode(bytes.fromhex("828684be5886a8eb10649cbf"))
    assert second == {**first, b"cache-control": b"no-cache"}
    third = decoder.decode(bytes.fromhex("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"))
    assert third == {**first, b":scheme": b"https", b":path": b"/index.html", b"custom-key": b"custom-value"}
    assert decoder.decode(bytes.fromhex("828684be")) != first  # the same bytes mean something else now


# Appendix C.5, with the table of 256 bytes that it assumes: entries are evicted.
def test_a_small_table_forgets() -> None:
    decoder = HeaderDecoder()
    decoder.decode(
        b"\x3f\xe1\x01"
        + bytes.fromhex(
            "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d"
        )
    )
    assert decoder.decode(bytes.fromhex("4803333037c1c0bf"))[b":status"] == b"307"
    with pytest.raises(BadHeaders):
        decoder.decode(b"\xc2")  # the fifth of four


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=10), st.binary(max_size=300)), unique_by=lambda header: header[0]))
def test_what_is_encoded_can_be_decoded(headers: list[hpack.Header]) -> None:
    assert HeaderDecoder().decode(hpack.encode(headers)) == dict(headers)


@given(st.lists(st.binary(max_size=40), max_size=4))
def test_nonsense_is_refused_or_understood_but_never_breaks_it(blocks: list[bytes]) -> None:
    decoder = HeaderDecoder()
    for block in blocks:
        try:
            decoder.decode(block)
        except BadHeaders:
            return


def test_limits() -> None:
    with pytest.raises(BadHeaders, match="bytes of headers"):
        HeaderDecoder().decode(hpack.encode([(b"a", b"x" * 20_000)]))
    with pytest.raises(BadHeaders, match="too long"):
        HeaderDecoder().decode(b"\xff" * 8)
    with pytest.raises(BadHeaders, match="resized"):
        HeaderDecoder().decode(b"\x3f\xff\xff\x7f")


def test_a_block_that_fills_the_table_does_so_every_time_it_comes() -> None:
    decoder = HeaderDecoder()
    first, second = b"\x40\x01a\x011", b"\x40\x01b\x012"
    for block in (first, second, first):
        decoder.decode(block)
    assert [decoder.decode(bytes((0x80 | 62 + place,))) for place in range(3)] == [{b"a": b"1"}, {b"b": b"2"}, {b"a": b"1"}]
    decoder.decode(first)
    decoder.decode(first)
    assert [decoder.decode(bytes((0x80 | 62 + place,))) for place in range(3)] == [{b"a": b"1"}] * 3

"""Mutation: what noise, and somebody who means ill, make of good bytes."""

from hypothesis import strategies as st

_TELLING = (
    b"\x00",
    b"\n",
    b"\r\n",
    b'"',
    b",",
    b"+",
    b"=",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"-1",
    b"1e999",
    b"NaN",
    b"9" * 40,
    b"18446744073709551616",
    b"[" * 3000,
    b'{"a":' * 3000,
    b"\x81" * 3000,
    b"\xa1\x00" * 2000,
    b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xbb\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"\x5b\x00\x00\x00\xff\xff\xff\xff\xff",
    b"\x9f",
    b"\xd8\x1c",
    b"\xc2\x5b\x00\x00\x00\x7f\xff\xff\xff\xff",
    b"\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00",
    b"../../etc/passwd",
    b"a.b.c = 1\n",
    b"[[x]]\n",
    "\u2028\u202e\u0661".encode(),
    b"\xd9\xa3",
)
"""Ends of lines and texts, numbers too large, nesting without end, lengths that are not there."""


@st.composite
def mutated(draw, seeds):
    """Return one of ``seeds`` after one to four changes, or bytes that have nothing to do with them."""
    if draw(st.integers(0, 19)) == 0:
        return draw(st.binary(max_size=400))
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        data = _changed(draw, data, seeds)
    return data


def _changed(draw, data, seeds):
    at = draw(st.integers(0, len(data)))
    stop = min(len(data), at + draw(st.sampled_from((0, 1, 2, 8, 64, 10**6))))
    match draw(st.sampled_from(("flip", "cut", "put", "twice", "cross", "set"))):
        case "flip" if at < len(data):
            return data[:at] + bytes([data[at] ^ 1 << draw(st.integers(0, 7))]) + data[at + 1 :]
        case "cut":
            return data[:at] + data[stop:]
        case "twice":
            return data[:stop] + data[at:]
        case "cross":
            other = draw(st.sampled_from(seeds))
            return data[:at] + other[draw(st.integers(0, len(other))) :]
        case "set":
            return data[:at] + draw(st.binary(max_size=9)) + data[stop:]
    return data[:at] + draw(st.sampled_from(_TELLING)) + data[stop:]

"""The record: one entry, one encoding, and docs/records.cddl describes exactly what the code writes."""

import re
import types
from pathlib import Path
from typing import Union, get_args, get_origin

import cbor2
import msgspec
import pycddl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from golos.model.ballot import Inner
from golos.model.ed25519 import SigningKey, verify
from golos.model.entry import Entry, decode_entry
from golos.model.problem import Problem
from golos.model.record import decode, encode, joint_signing_input, kind_of, signed, signing_input

GRAMMAR = (Path(__file__).parents[2] / "docs/records.cddl").read_text()
KINDS = {kind.__struct_config__.tag: kind for kind in get_args(Entry)}
JOINT = {"pack", "freeze", "opening"}


def schema(rule):
    """Return the grammar with that rule as its root, for the first rule of a CDDL file is what is matched."""
    return pycddl.Schema(f"start = {rule}\n{GRAMMAR}")


SCHEMAS = {name: schema(f"{name}-entry") for name in KINDS} | {"inner": schema("inner-part")}


def strategy(kind):
    """Draw a value of a field's type as the model declares it."""
    origin, arguments = get_origin(kind), get_args(kind)
    if hasattr(kind, "__metadata__"):
        return constrained(kind.__origin__, kind.__metadata__[0])
    if origin in (types.UnionType, Union):
        return st.one_of(*map(strategy, arguments))
    if str(origin) == "typing.Literal":
        return st.sampled_from(arguments)
    if origin is tuple:
        return tuples(arguments, 3)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return structs(kind)
    return {type(None): st.none(), bool: st.booleans(), str: st.text(max_size=30), bytes: st.binary()}[kind]


def tuples(arguments, most):
    if arguments[-1] is Ellipsis:
        return st.lists(strategy(arguments[0]), max_size=most).map(tuple)
    return st.tuples(*map(strategy, arguments))


def constrained(kind, limits):
    if kind is bytes:
        return st.binary(min_size=limits.min_length or 0, max_size=limits.max_length)
    if kind is str:
        return st.text(min_size=limits.min_length or 0, max_size=min(limits.max_length, 40))
    if kind is int:
        low, high = limits.ge, limits.le or 2**53 - 1
        return st.one_of(
            st.sampled_from([low, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32]), st.integers(low, high)
        )
    return tuples(get_args(kind), 3)


def structs(kind):
    fields = msgspec.inspect.type_info(kind).fields
    hints = msgspec.structs.fields(kind)
    assert len(fields) == len(hints)
    return st.builds(kind, **{field.name: strategy(field.type) for field in hints})


entries = st.sampled_from(sorted(KINDS)).flatmap(lambda name: structs(KINDS[name]))
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_grammar_reads_every_kind_of_record_that_the_code_writes(name):
    @given(structs(KINDS[name]))
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def check(entry):
        record = encode(entry)
        SCHEMAS[name].validate_cbor(record)
        for other in set(KINDS) - {name}:
            with pytest.raises(pycddl.ValidationError):
                SCHEMAS[other].validate_cbor(record)

    check()


@given(structs(Inner))
@settings(max_examples=20, deadline=None)
def test_the_grammar_reads_inner_parts_and_they_are_no_record_of_the_log(inner):
    SCHEMAS["inner"].validate_cbor(encode(inner))
    with pytest.raises(Problem):
        decode_entry(encode(inner))


def test_the_grammar_names_exactly_the_kinds_of_the_model():
    """pycddl panics on a choice of arrays, so the choice is compared as text."""
    choice = re.search(r"^record = (.*?)\n\n", GRAMMAR, re.M | re.S).group(1)
    assert [rule.strip() for rule in choice.split("/")] == [f"{name}-entry" for name in KINDS]


def example(name):
    """Return one fixed record of the kind, as a list that can be bent."""
    made = []

    @given(structs(KINDS[name]))
    @settings(max_examples=1, deadline=None, database=None, derandomize=True)
    def draw(entry):
        made.append(entry)

    draw()
    return cbor2.loads(encode(made[0]))


def bent(record):
    """Yield the record with each element gone, doubled, or of another type."""
    for i, value in enumerate(record):
        yield record[:i] + record[i + 1 :]
        yield [*record[:i], 1.5, *record[i + 1 :]]
        if isinstance(value, bytes) and len(value) in (16, 32, 64, 354):
            yield [*record[:i], value[:-1], *record[i + 1 :]]
            yield [*record[:i], value + b"\0", *record[i + 1 :]]
        if isinstance(value, int) and not isinstance(value, bool):
            yield [*record[:i], -1, *record[i + 1 :]]
            yield [*record[:i], 2**53, *record[i + 1 :]]
    yield [*record, 0]
    yield [record[0], 2, *record[2:]]
    yield ["unknown", *record[1:]]
    yield dict(enumerate(record))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_code_and_grammar_refuse_the_same_bent_records(name):
    for wrong in bent(example(name)):
        data = cbor2.dumps(wrong, canonical=True)
        with pytest.raises(pycddl.ValidationError):
            SCHEMAS[name].validate_cbor(data)
        with pytest.raises(Problem) as caught:
            decode_entry(data)
        assert caught.value.code in ("record.malformed", "record.kind")


@given(entries)
@quick
def test_what_is_written_comes_back_and_has_one_encoding(entry):
    record = encode(entry)
    assert decode_entry(record) == entry
    assert encode(decode_entry(record)) == record
    assert kind_of(record) == entry.__struct_config__.tag


@given(entries, st.data())
@quick
def test_a_second_spelling_of_a_record_is_refused(entry, data):
    record = encode(entry)
    spellings = [
        record + b"\0",
        b"\x98" + bytes([record[0] - 0x80]) + record[1:],
        b"\x9f" + record[1:] + b"\xff",
        b"\xd9\xd9\xf7" + record,
        record[:1] + b"\x78" + bytes([record[1] - 0x60]) + record[2:],
    ]
    with pytest.raises(Problem) as caught:
        decode(data.draw(st.sampled_from(spellings)), type(entry))
    assert caught.value.code in ("record.not_canonical", "record.malformed")


@given(entries, st.data())
@quick
def test_a_changed_byte_is_another_entry_or_none(entry, data):
    record = bytearray(encode(entry))
    place = data.draw(st.integers(0, len(record) - 1))
    record[place] ^= data.draw(st.integers(1, 255))
    try:
        other = decode_entry(bytes(record))
    except Problem:
        return
    assert other != entry
    assert encode(other) == record


@given(st.binary(max_size=200))
@quick
def test_any_bytes_give_an_entry_or_a_problem(data):
    with pytest.raises(Problem):
        decode_entry(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x81" * 5000,
        b"\x9b" + b"\xff" * 8,
        b"\x5b\x7f" + b"\xff" * 7,
        b"\x82\x66ballot\xd8\x1c\x80",
        b"\xc2\x58\x02\x01",
    ],
    ids=["deep", "long array", "long bytes", "shared reference", "bignum cut short"],
)
def test_cbor_bombs_are_refused(data):
    for kind in KINDS.values():
        with pytest.raises(Problem):
            decode(data, kind)


@given(entries)
@quick
def test_what_a_signature_signs_is_the_record_with_an_empty_one(entry):
    record = encode(entry)
    if entry.__struct_config__.tag in JOINT:
        empty = encode(msgspec.structs.replace(entry, signatures=()))
        assert joint_signing_input(entry) == b"golos/record/v1\n" + empty
        assert empty.endswith(b"\x80")
        return
    plain = cbor2.loads(record)
    empty = cbor2.dumps([*plain[:-1], b""], canonical=True)
    assert signing_input(record) == b"golos/record/v1\n" + empty


def test_signed_signs_exactly_that():
    key = SigningKey(bytes(32))
    draft = KINDS["withdrawal"](1, bytes(32), key.public, bytes(354), 1, bytes(64))
    record = encode(signed(draft, key.sign))
    assert verify(key.public, signing_input(record), record[-64:])
    assert record[:-64] == encode(draft)[:-64]

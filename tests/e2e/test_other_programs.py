"""What programs not written here make of the run: a CDDL validator, plain CBOR, and tlog-scales."""

from collections import Counter
from pathlib import Path

import cbor2
import msgspec
import pycddl
import pytest

from golos.credential.keys import keys_of
from golos.model.entry import decode_entry
from golos.model.record import digest, kind_of

pytest.importorskip("tlog_scales", reason="no tlog-scales: it is one of the requirements of the tests")
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tiles import leaf_hash

GRAMMAR = (Path(__file__).parents[2] / "docs/records.cddl").read_text(encoding="utf-8")
CLOSED = b"\xff\xff\xff\xff"


@pytest.fixture(scope="module")
def schemas():
    """One schema per kind: pycddl can't take the choice of all."""
    kinds = [line.split(" = ")[0] for line in GRAMMAR.splitlines() if '-entry = ["' in line]
    rules = {rule.removesuffix("-entry"): rule for rule in kinds} | {"inner": "inner-part"}
    return {name: pycddl.Schema(f"start = {rule}\n{GRAMMAR}") for name, rule in rules.items()}


def bundles(folder):
    """Return what all bundles of a folder hold by index: a length in four bytes, then so many bytes; None is closed."""
    found = {}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        number, _, _ = path.relative_to(folder).as_posix().partition(".p/")
        index, bundle = 256 * int(number.replace("x", "").replace("/", "")), path.read_bytes()
        while bundle:
            head, bundle = bundle[:4], bundle[4:]
            length = 0 if head == CLOSED else int.from_bytes(head, "big")
            found[index] = None if head == CLOSED else bundle[:length]
            index, bundle = index + 1, bundle[length:]
    return found


def lists(value):
    return [lists(item) for item in value] if isinstance(value, (list, tuple)) else value


def test_every_record_of_the_log_is_what_the_grammar_says_of_its_kind(whole, schemas):
    kinds = Counter()
    for record in whole.log.records:
        plain = cbor2.loads(record)
        schemas[plain[0]].validate_cbor(record)
        assert plain == lists(msgspec.to_builtins(decode_entry(record), builtin_types=(bytes,)))
        assert cbor2.dumps(plain, canonical=True) == record
        kinds[plain[0]] += 1
    assert sum(kinds.values()) == len(whole.log.records) == whole.log.size
    assert kinds == Counter(map(kind_of, whole.log.records))
    assert {"pack", "key", "enrolment", "ballot", "photo", "verdict", "table", "freeze", "opening"} <= set(kinds)


def test_the_published_bundles_hold_those_records_and_the_inner_parts_of_their_ballots(whole, schemas):
    published = bundles(whole.public / "records")
    assert sorted(published) == list(range(whole.log.size))
    assert all(record in (None, whole.log.records[index]) for index, record in published.items())
    inners = {index: inner for index, inner in bundles(whole.public / "openings").items() if inner is not None}
    assert len(inners) == len(whole.log.inners) > 0
    for index, inner in inners.items():
        schemas["inner"].validate_cbor(inner)
        ballot = cbor2.loads(published[index])
        assert ballot[0] == "ballot" and digest(inner) in ballot


def test_a_record_bent_by_one_element_is_refused(whole, schemas):
    firsts = {kind_of(record): record for record in reversed(whole.log.records)}
    for kind, record in firsts.items():
        plain = cbor2.loads(record)
        for bent in (plain[:-1], [*plain, 0], [plain[0], 2, *plain[2:]]):
            with pytest.raises(pycddl.ValidationError):
                schemas[kind].validate_cbor(cbor2.dumps(bent, canonical=True))


def test_another_program_finds_every_record_in_the_published_tiles(whole):
    reader = TilesReader(LocalBackend(whole.public))
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(keys_of(whole.office.pack).log))
    assert checkpoint.size == whole.log.size and checkpoint.root_hash == reader.calculate_root_hash()
    for index, record in enumerate(whole.log.records):
        assert reader.get_entry(index) == digest(record)
        reader.get_inclusion_proof(index, checkpoint.size).check(leaf_hash(digest(record)), checkpoint.root_hash)

"""The verifier's own parts against vectors and against the rest of Golos, and input that nobody should send."""

import json
import random
import subprocess
import sys
from pathlib import Path

import cbor2
import pytest
from folder import Signer, reindex, tiny, write
from hypothesis import given
from hypothesis import strategies as st
from test_tampering import _published

from conftest import PROGRAM

SHARED = Path(__file__).parents[2].parent / "shared"
needs_shared = pytest.mark.skipif(
    not (SHARED / "vectors").is_dir(), reason="the shared vectors are not beside the project"
)


@needs_shared
def test_ed25519_accepts_what_golos_accepts(verifier):
    from golos.model import ed25519

    vectors = json.loads((SHARED / "vectors/cctv-ed25519/ed25519vectors.json").read_bytes())
    accepted = [0, 0]
    for vector in vectors:
        key, signature = bytes.fromhex(vector["key"]), bytes.fromhex(vector["sig"])
        mine = verifier.ed25519(key, vector["msg"].encode(), signature)
        his = ed25519.verify(key, vector["msg"].encode(), signature)
        assert mine == his, vector
        accepted[mine] += 1
    assert accepted == [871, 43]


def test_ed25519_refuses_a_large_s(verifier):
    key = Signer("s")
    signature = key.sign(b"m")
    large = int.from_bytes(signature[32:], "little") + verifier._ORDER
    assert verifier.ed25519(key.public, b"m", signature)
    assert not verifier.ed25519(key.public, b"m", signature[:32] + large.to_bytes(32, "little"))


@needs_shared
@pytest.mark.parametrize(
    ("name", "file"),
    [("signed-note-spec-example", "signed-note-spec-example.txt"), ("go-sumdb", "go-sumdb-checkpoint.txt")],
)
def test_notes_of_others(verifier, name, file):
    keys = dict(
        line.split()[:2]
        for line in (SHARED / "vectors/note-vkeys.txt").read_text().splitlines()
        if line[0] not in "#s" or "spec" in line
    )
    note = verifier.Note(file, (SHARED / "vectors" / file).read_bytes())
    assert note.signed_by(verifier.Verifier.parse("", keys[name]))
    assert not note.signed_by(verifier.Verifier.parse("", Signer("another").verifier))


@needs_shared
def test_token_of_rfc_9578(verifier):
    import base64

    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
    from cryptography.hazmat.primitives.hashes import SHA384

    for vector in json.loads((SHARED / "vectors/rfc9578/pub_verif_rfc9578.go.json").read_bytes()):
        der, token = bytes.fromhex(vector["pkS"]), bytes.fromhex(vector["token"])
        try:
            digest, (_, key) = verifier._cohort({"key": base64.b64encode(der).decode(), "name": "w"})
        except ValueError:
            pytest.skip("the vectors give another encoding of the key")
        assert digest == token[66:98]
        key.verify(token[98:], token[:98], PSS(MGF1(SHA384()), 48), SHA384())
        with pytest.raises(InvalidSignature):
            key.verify(token[98:], token[:97] + b"x", PSS(MGF1(SHA384()), 48), SHA384())


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**64 - 1) | st.binary(max_size=300) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=30),
    max_leaves=20,
)


@given(st.lists(PLAIN, min_size=1))
def test_cbor_reads_what_cbor2_writes(verifier, value):
    data = cbor2.dumps(value, canonical=True)
    try:
        assert verifier.cbor(data)[0] == value
    except verifier.Malformed as error:
        assert "an item that no record has" in str(error)  # nested deeper than records are


@given(st.binary(max_size=60))
def test_cbor_of_any_bytes_has_one_spelling(verifier, data):
    try:
        value, _ = verifier.cbor(data)
    except verifier.Malformed:
        return
    assert cbor2.dumps(value, canonical=True) == data


@pytest.mark.parametrize(
    "data",
    [
        "8118",
        "811817",
        "81190017",
        "9f01ff",
        "815f4101ff",
        "8181",
        "81f7",
        "81a0",
        "8120",
        "81fb0000000000000000",
        "8161ff",
        "81010"[:4] + "00",
        "80",
        "01",
        "",
    ],
)
def test_cbor_that_is_refused(verifier, data):
    with pytest.raises(verifier.Malformed):
        verifier.cbor(bytes.fromhex(data))


def test_every_record_of_the_grammar_is_read_both_ways(verifier, election):
    """The fast path of ballots must see what the slow one sees."""
    for index, record in enumerate(election.records):
        parsed, _ = verifier.parse_record(record)
        assert parsed == cbor2.loads(record)
        if parsed[0] == "ballot":
            reader = verifier.Reader(verifier.read_pack(_Files(election)), 1)
            assert reader._fast_ballot(index, b"", record)
            reader._voter(index, b"", record, parsed)
            fast, slow = reader.log.voters
            assert fast == slow
            return


class _Files:
    """A folder that has only a pack."""

    def __init__(self, election):
        self.files = {f"pack/{name}": data for name, data in election.files.items()}
        self.under, self.read = lambda prefix: list(self.files), self.files.__getitem__


@pytest.mark.parametrize("sequence", [0, 23, 24, 255, 256, 65535, 65536, 2**32, 2**53 - 1])
@pytest.mark.parametrize("photo", [None, bytes(32)])
def test_the_fast_path_takes_every_sequence(verifier, election, sequence, photo):
    reader = verifier.Reader(verifier.read_pack(_Files(election)), 1)
    fields = (bytes(32), bytes(354), sequence, photo, b"i" * 32, b"s" * 32, bytes(64))
    record = cbor2.dumps(["ballot", 1, election.id, *fields], canonical=True)
    assert reader._fast_ballot(5, b"d", record)
    (voter,) = reader.log.voters
    assert (voter.key, voter.sequence, voter.photo, voter.inner) == (bytes(32), sequence, photo, b"i" * 32)


def test_no_log_entry_makes_it_stumble(verifier, tmp_path, capsys):
    """Any bytes at all as a record behind the freeze: an answer, never a traceback."""
    chance = random.Random(2020)
    election = tiny()
    good = list(election.records)
    for number in range(16):
        election.records = list(good)
        at = chance.randrange(175, 284)
        record = bytearray(good[at])
        for _ in range(chance.choice((1, 1, 3))):
            record[chance.randrange(len(record))] = chance.randrange(256)
        election.records[at] = bytes(record) if number % 4 else chance.randbytes(chance.randrange(60))
        status = verifier.main([str(_published(election, tmp_path / str(number), verifier))])
        out = capsys.readouterr().out
        assert status == 1 and out.startswith("WRONG: ") and "can't be checked" not in out, out


@pytest.mark.parametrize(
    "path", ["pack/election.toml", "pack/keys.toml", "pack/options.csv", "pack/stations.csv", "pack/areas.csv"]
)
@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"[[[[", b'"', b"a,b\n1\n", b"[election]\nlanguages = 3\n", b"code,area\nx,nowhere\n"]
)
def test_no_pack_makes_it_stumble(path, data, copy, election, wrong):
    (copy / path).write_bytes(data)
    reindex(copy, election.publisher)
    assert wrong(copy).startswith(("pack/", "index: the election"))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff", b"x" * 1000, "— ".encode() * 50, b"a\n0\nAAAA\n\n"])
def test_no_checkpoint_makes_it_stumble(data, copy, election, wrong):
    (copy / "checkpoint").write_bytes(data)
    reindex(copy, election.publisher)
    assert wrong(copy).startswith("checkpoint: ")


# The command.


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(PROGRAM), *map(str, arguments)], capture_output=True, text=True, timeout=60
    )


def test_the_program_as_a_stranger_runs_it(published, election):
    done = run(published, "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0 and said["verdict"] == "OK" and said["election"] == election.id.hex()
    assert "its id was taken from the folder" in said["on_word"][0]
    assert run(published, "--quiet", "--election", election.id.hex()).stdout == f"OK: election {election.id.hex()}\n"


def test_what_can_not_be_read_is_no_verdict(tmp_path, published):
    for arguments in (
        [tmp_path / "nowhere"],
        [tmp_path],
        [published, "--checkpoint", tmp_path / "x"],
        [published, "--election", "ab"],
        [],
    ):
        done = run(*arguments)
        assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr and not done.stdout


def test_it_imports_nothing_of_golos():
    names = {
        line.split()[1].split(".")[0]
        for line in PROGRAM.read_text().splitlines()
        if line.strip().startswith(("import ", "from "))
    }
    assert names - set(sys.stdlib_module_names) == {"cryptography"}


def test_json_of_what_is_wrong(copy, verifier, capsys):
    write(copy, "index.html", b"x")
    assert verifier.main([str(copy), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["where"] == "index.html"

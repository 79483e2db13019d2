"""Million: count and verify as many ballots as a nation casts, from published files.

The log is written straight into a published folder: no door is measured here. The ballots' tokens are those of an
issuer whose modulus has sixteen primes instead of two: it signs ten times faster, and whoever verifies can't tell.
What was made stays in the folder, so that a run which is stopped goes on where it was.
"""

import os
import pickle
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from math import gcd, prod
from multiprocessing import get_context
from pathlib import Path

import gmpy2
from gmpy2 import mpz
from tests.bench.measure import Row, each

from golos.ceremony import keys as ceremony
from golos.ceremony.founding import grant
from golos.ceremony.freeze import freeze, sign_jointly
from golos.count.compare import compare
from golos.count.log import Log, closed_digest, opening_blob, openings_digest
from golos.count.recount import recount
from golos.credential.blindrsa import SALT_LENGTH, PublicKey, encode_pss
from golos.credential.keys import keys_of
from golos.credential.steward import jointly_signed
from golos.credential.token import TOKEN_TYPE, Redemption, encode_public_key, token_challenge, token_key_id
from golos.demo import election
from golos.demo.nation import OPTIONS, make
from golos.doors.cli.results import verifier
from golos.intake.pack import load, read_folder
from golos.ledger.checkpoint import Checkpoint
from golos.ledger.tree import Tree
from golos.model.ballot import Ballot, Inner
from golos.model.ed25519 import SigningKey, verify
from golos.model.entry import Opening, PackEntry, decode_entry
from golos.model.pack import Pack
from golos.model.pack_keys import FILE, write_keys
from golos.model.packfiles import belongs
from golos.model.record import digest, encode, signed, signing_input
from golos.ports import Head
from golos.publish.publication import publish

PORTION = 20_000
_STATIONS = 200
_SAMPLE = 500
_PAUSE = 2.0
_PRIMES = 16


@dataclass(frozen=True)
class Mint:
    """An issuer of sixteen primes."""

    primes: tuple[int, ...]

    @classmethod
    def generate(cls) -> "Mint":
        """Return one whose modulus has exactly 2,048 bits."""
        while True:
            primes = {int(gmpy2.next_prime(secrets.randbits(128) | 31 << 123)) for _ in range(_PRIMES)}
            fits = prod(primes).bit_length() == 2048 and all(gcd(p - 1, 65537) == 1 for p in primes)
            if fits and len(primes) == _PRIMES:
                return cls(tuple(primes))

    @cached_property
    def n(self) -> int:
        """The modulus."""
        return prod(self.primes)

    @cached_property
    def _parts(self) -> list[tuple[mpz, int, mpz]]:
        """Each prime, the private exponent by it, and what is 1 by it and 0 by the others."""
        rest = [self.n // p for p in self.primes]
        return [(mpz(p), pow(65537, -1, p - 1), mpz(r * pow(r, -1, p))) for p, r in zip(self.primes, rest, strict=True)]

    def sign(self, message: bytes) -> bytes:
        """Return the PSS signature of ``message``."""
        encoded = mpz(int.from_bytes(encode_pss(message, 2047, os.urandom(SALT_LENGTH))))
        powers = (gmpy2.powmod(encoded, d, p) * one for p, d, one in self._parts)
        return int(sum(powers) % self.n).to_bytes(256)


def measure(folder: Path, ballots: int) -> Iterator[Row]:
    """Yield the rows."""
    public = prepare(folder, ballots)
    check = bare_verification(public)
    for what, goal, command in (
        ("count", "≤ 1.3", ["-m", "golos", "count", str(public)]),
        ("golos_verify.py", "≤ 2", [verifier(), str(public)]),
    ):
        cpu, wall, peak, bare = _run(command, check)
        yield Row(f"{what}, {ballots:,} ballots", cpu, "s CPU", "bare checks", bare * ballots / 1e6, goal)
        yield Row("  on the clock", wall, "s", "its CPU", cpu)
        yield Row("  largest process", peak, "MB")


def prepare(folder: Path, ballots: int) -> Path:
    """Found an election, cast so many ballots, freeze, open, publish; return the published folder."""
    public = folder / f"public-{ballots}"
    if public.exists():
        return public
    mint = _found(folder)
    portions = [(folder, mint, start, min(PORTION, ballots - start)) for start in range(0, ballots, PORTION)]
    with ProcessPoolExecutor(min(len(portions), os.cpu_count() or 1), get_context("spawn")) as pool:
        files = list(pool.map(_cast, portions))
    _publish(folder, files, public)
    return public


def bare_verification(public: Path) -> Callable[[], float]:
    """Return what measures the microseconds that a ballot's signature and token take, by some of those published."""
    pack = load(public / "pack")
    redemption = Redemption(keys_of(pack), pack.id)
    records = pickle.loads(next((public.parent).glob("cast-*")).read_bytes())[:_SAMPLE]
    ballots = [(record, decode_entry(record)) for record, _ in records]

    def check(number: int) -> None:
        record, ballot = ballots[number]
        assert isinstance(ballot, Ballot) and verify(ballot.key, signing_input(record), ballot.signature)
        assert redemption.cohort(ballot.token, ballot.key)

    return lambda: each(check, len(ballots))


def _found(folder: Path) -> Mint:
    """Make pack and keys; the one cohort's key is the mint's."""
    kept = folder / "mint"
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    election.write_pack(make(_STATIONS, 2_000_000, 0, 1), folder / "pack", k=1, every=1)
    monday = date.today() - timedelta(days=date.today().weekday())
    public, mint = (
        ceremony.make(folder / "keys", ceremony.Plan("golos.invalid/million", 3, 2, monday, 1)),
        Mint.generate(),
    )
    cohorts = tuple(
        replace(c, key=encode_public_key(PublicKey(mint.n, 65537))) if not c.reissue else c for c in public.cohorts
    )
    (folder / "pack" / FILE).write_text(write_keys(replace(public, cohorts=cohorts)), encoding="utf-8")
    kept.write_bytes(pickle.dumps(mint))
    return mint


def _cast(asked: tuple[Path, Mint, int, int]) -> Path:
    """Write the records and inner parts of a portion of the ballots, unless they are there; return the file."""
    folder, mint, start, number = asked
    file = folder / f"cast-{start}-{number}"
    if not file.exists():
        pack = load(folder / "pack")
        made = [_ballot(pack, mint, at) for at in range(start, start + number)]
        file.with_suffix(".part").write_bytes(pickle.dumps(made))
        file.with_suffix(".part").rename(file)
    return file


def _ballot(pack: Pack, mint: Mint, number: int) -> tuple[bytes, bytes]:
    stations = tuple(pack.stations)
    choices = (("president", (OPTIONS[number % len(OPTIONS)],)),)
    inner = encode(Inner(1, stations[number % len(stations)], choices, secrets.token_bytes(32)))
    cohort = next(cohort for cohort in keys_of(pack).cohorts if not cohort.reissue)
    key, challenge = SigningKey.generate(), token_challenge(keys_of(pack).issuer, pack.id)
    unsigned = TOKEN_TYPE + key.public + sha256(challenge).digest() + token_key_id(cohort.key)
    token = unsigned + mint.sign(unsigned)
    draft = Ballot(1, pack.id, key.public, token, 1, None, digest(inner), digest(key.public), bytes(64))
    return encode(signed(draft, key.sign)), inner


def _publish(folder: Path, files: list[Path], public: Path) -> None:
    """Write the log: the pack, staff, ballots, a freeze and an opening."""
    pack, held = load(folder / "pack"), ceremony.KeyFolder(folder / "keys")
    stewards = held.stewards()
    cast = sorted(
        (part for file in files for part in pickle.loads(file.read_bytes())), key=lambda part: digest(part[0])
    )
    records = [encode(jointly_signed(PackEntry(1, pack.id, pack.files, ()), stewards))]
    records += [grant(pack, stewards, role, held.signing(role).public) for role in ("machine", "clerk")]
    inners = {len(records) + at: inner for at, (_, inner) in enumerate(cast)}
    records += [record for record, _ in cast]
    tree = Tree([digest(record) for record in records])
    records.append(freeze(pack, Head(tree.size, tree.root(), b""), stewards))
    numbers = (tree.size, len(records), len(inners), openings_digest(inners), closed_digest(()))
    records.append(sign_jointly(pack, Opening(1, pack.id, *numbers, 0, (), ()), stewards))
    leaves = [digest(record) for record in records]
    root = Tree(leaves).root()
    rows = {numbers[3]: opening_blob(inners)}
    log = Log(pack, records, inners, rows.__getitem__, len(records), root)
    note = Checkpoint("golos.invalid/million", len(records), root).sign(held.signer("log"))
    texts = {name: data for name, data in read_folder(folder / "pack").items() if belongs(name)}
    publish(log, compare(recount(log)), leaves, note, texts, held.signer("publisher"), public, pages=False)


def _run(command: list[str], bare: Callable[[], float]) -> tuple[float, float, float, float]:
    """Return processor seconds with all children's, seconds on the clock, the most MB that one process held, ``bare``.

    The bare checks are measured again and again beside it, for what slows the machine meanwhile slows both.
    """
    began, samples = time.perf_counter(), [bare()]
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
    while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
        time.sleep(_PAUSE)
        samples.append(bare())
    _, process.returncode, used = ended
    assert process.returncode == 0, f"{command[-2]} failed"
    wall = time.perf_counter() - began
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, sum(samples) / len(samples)

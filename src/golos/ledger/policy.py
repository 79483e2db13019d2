"""Policy: whose signatures make a checkpoint final (C2SP tlog-policy): logs, witnesses, groups of them, a quorum."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from golos.ledger.checkpoint import Checkpoint, open_checkpoint
from golos.ledger.note import COSIGNATURE, ED25519, Signature, Verifier
from golos.model.problem import Problem

NONE = "none"
"""The quorum that asks for no witness."""
_WORDS = re.compile(r"[^ \t]+")
_REFUSED = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_THRESHOLD = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness: its key, and the address where it is reached ("" where unknown)."""

    verifier: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Has witnessed a checkpoint when at least ``threshold`` of its members, witnesses or groups by name, have."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Which checkpoints to accept. ``quorum`` is the name of a witness, a group, or "none"."""

    logs: tuple[Party, ...]
    witnesses: Mapping[str, Party] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @classmethod
    def of(cls, log: str, witnesses: Sequence[str] = (), quorum: int = 0) -> "Policy":
        """Return the policy of a pack's keys: one log and any ``quorum`` of the witnesses, all as verifier keys."""
        parties = {f"w{i}": Party(_key(vkey, COSIGNATURE, f"witness {i}")) for i, vkey in enumerate(witnesses, 1)}
        _no_duplicates(list(parties.values()), "witnesses")
        if not 0 <= quorum <= len(parties):
            raise _bad("quorum", f"asks for {quorum} of {len(parties)} witnesses.")
        logs = (Party(_key(log, ED25519, "log")),)
        if not quorum:
            return cls(logs, parties)
        return cls(logs, parties, {"witnesses": Group(quorum, tuple(parties))}, "witnesses")

    @classmethod
    def parse(cls, data: bytes) -> "Policy":
        """Return the policy that a file states. Raises Problem ``policy.malformed`` or ``note.key`` naming the line."""
        if _REFUSED.search(data):
            raise _bad("policy", "holds a control character other than tab and newline.")
        reader = _Reader()
        # Names are octets to the format; this decoding keeps any of them apart.
        for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
            words = _WORDS.findall(line)
            if words and not words[0].startswith("#"):
                reader.take(words, f"policy:{number}")
        return reader.policy()

    def open(self, note: bytes, origin: str | None = None) -> tuple[Checkpoint, Mapping[Verifier, Signature]]:
        """Return the checkpoint and the cosignatures by known witnesses, be they enough or not.

        ``origin`` is None where the log's name is the origin, as in Golos. Raises Problem as ``open_checkpoint``.
        """
        witnesses = [party.verifier for party in self.witnesses.values()]
        refusal = _bad("policy", "names no log.")
        for log in self.logs:
            try:
                return open_checkpoint(note, log.verifier, witnesses, origin)
            except Problem as problem:
                refusal = problem
        raise refusal

    def accept(self, note: bytes, origin: str | None = None) -> Checkpoint:
        """Return the final checkpoint. Raises Problem as ``open``, and ``checkpoint.quorum`` if witnesses lack."""
        checkpoint, cosigned = self.open(note, origin)
        if not self.satisfied(cosigned):
            raise Problem(
                "checkpoint.quorum",
                "checkpoint",
                f"is cosigned by {len(cosigned)} known witnesses, too few for the quorum.",
                "Ask again later: witnesses may still sign it.",
            )
        return checkpoint

    def satisfied(self, cosigned: Mapping[Verifier, Signature]) -> bool:
        """Return whether these cosigners are a quorum."""
        return self.quorum == NONE or self._has(self.quorum, cosigned)

    def _has(self, name: str, cosigned: Mapping[Verifier, Signature]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].verifier in cosigned
        group = self.groups[name]
        return sum(self._has(member, cosigned) for member in group.members) >= group.threshold


class _Reader:
    """Collects the lines of a policy file; a line may only name what stands above it."""

    def __init__(self) -> None:
        self._logs: list[Party] = []
        self._witnesses: dict[str, Party] = {}
        self._groups: dict[str, Group] = {}
        self._members: set[str] = set()
        self._quorum = ""

    def take(self, words: list[str], where: str) -> None:
        """Read one line, split into words. Raises Problem."""
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._logs.append(Party(_key(vkey, ED25519, where), *url))
                _no_duplicates(self._logs, where)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._new(name, where)
                self._witnesses[name] = Party(_key(vkey, COSIGNATURE, where), *url)
                _no_duplicates(list(self._witnesses.values()), where)
            case ["group", name, threshold, *members] if members:
                self._group(name, threshold, members, where)
            case ["quorum", name]:
                self._set_quorum(name, where)
            case _:
                raise _bad(where, "is no line of a policy.")

    def policy(self) -> Policy:
        if not self._quorum:
            raise _bad("policy", "has no quorum line.")
        return Policy(tuple(self._logs), self._witnesses, self._groups, self._quorum)

    def _group(self, name: str, threshold: str, members: list[str], where: str) -> None:
        for member in members:
            self._known(member, where)
            if member in self._members:
                raise _bad(where, f"lists {member!r}, which is a member already.")
            self._members.add(member)
        self._new(name, where)
        count = {"any": 1, "all": len(members)}.get(threshold) or _number(threshold)
        if not 1 <= count <= len(members):
            raise _bad(where, "has a threshold that is neither any, all, nor a number of its members.")
        self._groups[name] = Group(count, tuple(members))

    def _set_quorum(self, name: str, where: str) -> None:
        if self._quorum:
            raise _bad(where, "is a second quorum.")
        if name != NONE:
            self._known(name, where)
        self._quorum = name

    def _new(self, name: str, where: str) -> None:
        if name == NONE or name in self._witnesses or name in self._groups:
            raise _bad(where, f"defines {name!r}, which is taken.")

    def _known(self, name: str, where: str) -> None:
        if name not in self._witnesses and name not in self._groups:
            raise _bad(where, f"names {name!r}, which no line above defines.")


def _key(vkey: str, kind: int, where: str) -> Verifier:
    verifier = Verifier.parse(vkey, where)
    if verifier.kind != kind:
        raise _bad(where, f"has a key of type {verifier.kind} where type {kind} is needed.")
    return verifier


def _no_duplicates(parties: Sequence[Party], where: str) -> None:
    if len({party.verifier.key for party in parties}) < len(parties):
        raise _bad(where, "has the same public key twice.")


def _number(text: str) -> int:
    return int(text) if _THRESHOLD.fullmatch(text) else 0


def _bad(where: str, problem: str) -> Problem:
    return Problem("policy.malformed", where, problem, "See c2sp.org/tlog-policy.")

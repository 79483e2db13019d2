"""An envelope is checked once, durable before its name comes back, and counts once however it comes."""

import asyncio
import dataclasses
import hashlib
import secrets
from concurrent.futures import Future

import msgspec
from tests.intake.world import PRESIDENT, Election, World

from golos.credential.sealing import ENVELOPE_SIZES, SealingKey, seal_envelope
from golos.credential.steward import accredit, staff_key
from golos.credential.submission import submission
from golos.credential.voter import Voter
from golos.model.ed25519 import SigningKey
from golos.model.entry import decode_entry
from golos.model.problem import Problem
from golos.model.record import encode
from golos.ports import StoreFull


def admit(world, *envelopes):
    """Admit all of them at once; return names and exceptions."""

    async def main():
        return await asyncio.gather(*(world.admission.admit(e) for e in envelopes), return_exceptions=True)

    return asyncio.run(main())


def refused(world, envelope):
    """Return the problem of an envelope that must be refused, having seen that nothing was kept."""
    before = len(world.rows())
    (problem,) = admit(world, envelope)
    assert isinstance(problem, Problem), problem
    assert len(world.rows()) == before, "something was kept"
    assert problem.field and problem.problem and problem.remedy
    return problem


def test_same_record_counts_once_in_any_envelope_at_any_time(world, election):
    voter = election.voter()
    sent = voter.ballot("s1", PRESIDENT, 1)
    again = seal_envelope(sent.record, sent.sealed, election.intake.public, election.pack.id)
    assert again != sent.envelope
    names = admit(world, *[sent.envelope, again] * 5)
    names += admit(world, sent.envelope)
    asyncio.run(world.beat.once())
    names += admit(world, again)
    assert set(names) == {hashlib.sha256(sent.record).digest()}
    assert world.records_of("ballot") == [sent.record]
    assert [row.sealed for row in world.rows() if row.record == sent.record] == [sent.sealed]


def test_order_does_not_matter_and_all_sequence_numbers_are_kept(world, election):
    voter = election.voter()
    sent = [voter.ballot("s1", PRESIDENT, n) for n in (3, 1, 2)] + [voter.withdrawal(4)]
    assert admit(world, *(s.envelope for s in sent)) == [s.name for s in sent]
    assert set(world.records_of("ballot")) == {s.record for s in sent[:3]}
    assert world.records_of("withdrawal") == [sent[3].record]


def test_observers_records_come_in(world, election):
    observer = election.observer()
    sent = [
        observer.protocol("s1", [("one", 5), ("invalid", None), ("turnout", 1)], 1),  # does not sum: still a fact
        observer.turnout("old1", "voters", 700, 2),
        observer.incident("s2", "expelled", 3),
    ]
    assert admit(world, *(s.envelope for s in sent)) == [s.name for s in sent]


def test_truncated_flipped_and_oversized_envelopes(world, election):
    envelope = election.voter().ballot("s1", PRESIDENT, 1).envelope
    assert refused(world, envelope[:-1]).code == "envelope.size"
    assert refused(world, b"").code == "envelope.size"
    assert refused(world, envelope.ljust(ENVELOPE_SIZES[-1] + 1, b"\0")).code == "envelope.size"
    assert refused(world, envelope.ljust(ENVELOPE_SIZES[-1], b"\0")).code == "sealed.damaged"
    for bit in (0, 1, 9 * 8, 50 * 8, 900 * 8, len(envelope) * 8 - 1):
        flipped = bytearray(envelope)
        flipped[bit // 8] ^= 1 << bit % 8
        assert refused(world, bytes(flipped)).code in {"sealed.malformed", "sealed.unknown_key", "sealed.damaged"}


def test_envelope_sealed_to_a_retired_key_or_another_election(world, election):
    sent = election.voter().ballot("s1", PRESIDENT, 1)
    retired = SealingKey.generate()
    old = seal_envelope(sent.record, sent.sealed, retired.public, election.pack.id)
    assert refused(world, old).code == "sealed.unknown_key"
    other = seal_envelope(sent.record, sent.sealed, election.intake.public, bytes(32))
    assert refused(world, other).code == "sealed.damaged"


def sealed(election, record, inner=b""):
    return seal_envelope(record, inner, election.intake.public, election.pack.id)


def test_records_that_are_no_records(world, election):
    sent = election.voter().ballot("s1", PRESIDENT, 1)
    assert refused(world, sealed(election, b"\xff")).code == "record.kind"
    assert refused(world, sealed(election, sent.record + b"\0", sent.sealed)).code == "record.not_canonical"
    assert refused(world, sealed(election, sent.record[:-1], sent.sealed)).code == "record.malformed"
    longer = sent.record.replace(b"\x66ballot\x01", b"\x66ballot\x18\x01")
    assert longer != sent.record
    assert refused(world, sealed(election, longer, sent.sealed)).code == "record.not_canonical"


def test_every_changed_byte_of_a_ballot_is_refused(world, election):
    """Whichever field it is in: nothing of a ballot can be changed on the way."""
    sent = election.voter().ballot("s1", PRESIDENT, 7, photo=secrets.token_bytes(32))
    for place in range(0, len(sent.record), 29):
        changed = bytearray(sent.record)
        changed[place] ^= 0x20
        assert refused(world, sealed(election, bytes(changed), sent.sealed))


def test_records_of_another_election(world, election):
    ours = election.voter()
    voter = Voter(dataclasses.replace(election.pack, id=bytes(32)), ours.key, ours.token)
    sent = voter.ballot("s1", PRESIDENT, 1)
    assert refused(world, sealed(election, sent.record, sent.sealed)).code == "record.election"


def test_tokens_that_are_not_ours(world, election):
    voter, other = election.voter(), election.voter()
    stolen = Voter(election.pack, SigningKey.generate(), other.token)
    assert refused(world, stolen.ballot("s1", PRESIDENT, 1).envelope).code == "token.invalid"
    forged = Voter(election.pack, voter.key, voter.token[:-1] + bytes([voter.token[-1] ^ 1]))
    assert refused(world, forged.ballot("s1", PRESIDENT, 1).envelope).code == "token.invalid"
    strange = Voter(election.pack, voter.key, voter.token[:66] + bytes(32) + voter.token[98:])
    problem = refused(world, strange.withdrawal(1).envelope)
    assert (problem.code, problem.field) == ("token.cohort", "withdrawal.token")
    crossed = election.voter(cohort=1)
    key_id = voter.token[66:98]
    moved = Voter(election.pack, crossed.key, crossed.token[:66] + key_id + crossed.token[98:])
    assert refused(world, moved.ballot("s1", PRESIDENT, 1).envelope).code == "token.invalid"


def test_a_ballots_sealed_part_must_be_its_own(world, election):
    voter = election.voter()
    one, two = (voter.ballot("s1", PRESIDENT, n) for n in (1, 2))
    assert refused(world, sealed(election, one.record, two.sealed)).code == "ballot.sealed"
    assert refused(world, sealed(election, one.record, b"")).code == "ballot.sealed_size"
    assert refused(world, sealed(election, one.record, one.sealed + b"\0")).code == "ballot.sealed_size"
    withdrawal = voter.withdrawal(3)
    assert refused(world, sealed(election, withdrawal.record, one.sealed)).code == "envelope.sealed_unexpected"


def test_a_replayed_record_under_another_key_is_refused(world, election):
    """Somebody who sees an opened ballot can't cast it as his own."""
    sent, thief = election.voter().ballot("s1", PRESIDENT, 1), election.voter()
    stolen = msgspec.structs.replace(decode_entry(sent.record), key=thief.key.public, token=thief.token)
    assert refused(world, sealed(election, encode(stolen), sent.sealed)).code == "record.signature"


def test_observers_records_that_are_wrong(world, election):
    observer = election.observer()
    assert refused(world, observer.protocol("nowhere", [("one", 1)], 1).envelope).code == "station.unknown"
    assert refused(world, observer.protocol("s1", [("three", 1)], 1).envelope).code == "line.unknown"
    assert refused(world, observer.protocol("s1", [("one", 1), ("one", 2)], 1).envelope).code == "line.twice"
    assert refused(world, observer.protocol("s1", [], 1).envelope).code == "protocol.empty"
    assert refused(world, observer.turnout("s1", "doors", 1, 1).envelope).code == "line.unknown"
    assert refused(world, observer.incident("s1", "weather", 1).envelope).code == "incident.category"
    stranger = SigningKey.generate()
    observer.accreditation = accredit(stranger, election.pack.id, observer.key.public)
    assert refused(world, observer.incident("s1", "expelled", 1).envelope).code == "accreditation.organisation"
    observer.accreditation = accredit(election.organisation, election.pack.id, stranger.public)
    assert refused(world, observer.incident("s1", "expelled", 1).envelope).code == "accreditation.signature"


def test_only_what_people_send_comes_in_envelopes(world, election):
    """A steward's own signature does not help: grants go to the desk, where roles are checked."""
    grant = staff_key(election.stewards[0], election.pack.id, "grant", "reader", bytes(range(32)))
    assert refused(world, submission(election.pack, grant).envelope).code == "record.not_sent"
    assert refused(world, sealed(election, election.leaf_zero())).code == "record.not_sent"


def test_quota_of_a_key_also_when_all_come_at_once(tmp_path):
    election = Election(tmp_path / "pack", records_per_key=4)
    world = World(election, tmp_path)
    voter, other = election.voter(), election.voter()
    sent = [voter.ballot("s1", PRESIDENT, n) for n in range(8)]
    answers = admit(world, *(s.envelope for s in sent), other.ballot("s1", PRESIDENT, 1).envelope)
    accepted = [a for a in answers[:8] if isinstance(a, bytes)]
    assert len(accepted) == 4 and {a.code for a in answers[:8] if a not in accepted} == {"quota.records"}
    assert isinstance(answers[8], bytes), "another key was hindered"
    known = next(s for s in sent if s.name in accepted)
    assert admit(world, known.envelope) == [known.name], "what is in may be sent again for ever"
    world.close()
    world = World(election, tmp_path)
    asyncio.run(world.follower.start())
    assert admit(world, known.envelope) == [known.name]
    fresh = next(s for s in sent if s.name not in accepted)
    assert refused(world, fresh.envelope).code == "quota.records", "the quota was forgotten over a restart"
    world.close()


def test_nothing_is_accepted_while_the_store_is_full(election, tmp_path):
    class Full:
        def __init__(self, journal):
            self.journal, self.full = journal, True

        def admit_future(self, rows):
            if not self.full:
                return self.journal.admit_future(rows)
            answer = Future()
            answer.set_exception(StoreFull("no space"))
            return answer

    world = World(election, tmp_path, journal=Full)
    sent = election.voter().ballot("s1", PRESIDENT, 1)
    assert [type(a) for a in admit(world, sent.envelope, sent.envelope)] == [StoreFull, StoreFull]
    assert world.records_of("ballot") == []
    world.journal.full = False
    assert admit(world, sent.envelope) == [sent.name], "the failure must leave no trace"
    world.close()


def test_overload_refuses_beyond_the_limit_and_recovers(election, tmp_path):
    world = World(election, tmp_path, in_flight_limit=3)
    sent = [election.voter().ballot("s1", PRESIDENT, 1) for _ in range(6)]
    answers = admit(world, *(s.envelope for s in sent))
    assert [a.code for a in answers if isinstance(a, Problem)] == ["overload"] * 3
    late = [s for s, a in zip(sent, answers, strict=True) if isinstance(a, Problem)]
    assert admit(world, *(s.envelope for s in late)) == [s.name for s in late]
    world.close()


def test_a_sender_who_goes_away_loses_nothing(world, election):
    sent = election.voter().ballot("s1", PRESIDENT, 1)

    async def main():
        task = asyncio.create_task(world.admission.admit(sent.envelope))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return await world.admission.admit(sent.envelope)

    assert asyncio.run(main()) == sent.name
    assert world.records_of("ballot") == [sent.record]


def test_after_the_freeze_only_observers_and_repeats(world, election):
    before, voter = election.voter().ballot("s1", PRESIDENT, 1), election.voter()
    admit(world, before.envelope)

    async def freeze():
        head = await world.beat.once()
        await world.records.accept(election.freeze(head))

    asyncio.run(freeze())
    assert refused(world, voter.ballot("s1", PRESIDENT, 1).envelope).code == "election.frozen"
    assert refused(world, voter.withdrawal(1).envelope).code == "election.frozen"
    assert admit(world, before.envelope) == [before.name]
    protocol = election.observer().protocol("s1", [("one", 5)], 1)
    assert admit(world, protocol.envelope) == [protocol.name]


def test_totals_count_what_is_under_a_checkpoint(world, election):
    """A total that moved at once would tell a watcher of the network what a connection carried."""
    voter = election.voter()
    admit(world, voter.ballot("s1", PRESIDENT, 1).envelope, voter.withdrawal(2).envelope)
    admit(world, election.voter(cohort=1).ballot("s1", PRESIDENT, 1).envelope)
    asyncio.run(world.follower.catch_up())
    assert set(world.totals.per_cohort().values()) == {(0, 0)}
    asyncio.run(world.beat.once())
    assert world.totals.per_cohort() == {"2020-W32": (0, 1), "2020-W33": (0, 1), "reissue": (0, 0)}


def test_nothing_of_an_envelope_is_stored(world, election, tmp_path):
    sent = election.voter().ballot("s1", PRESIDENT, 1)
    admit(world, sent.envelope)
    asyncio.run(world.beat.once())
    traces = (
        sent.envelope[9:41],
        hashlib.sha256(sent.envelope).digest(),
        hashlib.sha256(sent.envelope).hexdigest().encode(),
    )
    for path in tmp_path.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not any(trace in content for trace in traces), path.name

"""Whatever voters, retries, checkpoints and crashes do in whatever order: what was accepted is there, once."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.intake.world import PRESIDENT, Election, World

from golos.credential.sealing import seal_envelope
from golos.model.problem import Problem
from golos.model.record import digest

QUOTA = 3


class Intake(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.election = Election(self.folder / "pack", records_per_key=QUOTA)
        self.voters = [self.election.voter() for _ in range(2)]
        self.records, self.accepted, self.frozen = {}, set(), False

    @initialize()
    def begin(self):
        self.world = World(self.election, self.folder)
        asyncio.run(self.world.follower.start())

    @rule(voter=st.integers(0, 1), sequence=st.integers(1, 4), copies=st.integers(1, 3), take_back=st.booleans())
    def send(self, voter, sequence, copies, take_back):
        key = (voter, sequence, take_back)
        if key not in self.records:
            one = self.voters[voter]
            self.records[key] = one.withdrawal(sequence) if take_back else one.ballot("s1", PRESIDENT, sequence)
        sent = self.records[key]
        keys = self.election.intake.public, self.election.pack.id
        envelopes = [seal_envelope(sent.record, sent.sealed, *keys) for _ in range(copies)]
        full = sum(self.records[other].name in self.accepted for other in self.records if other[0] == voter) >= QUOTA
        welcome = sent.name in self.accepted or not (full or self.frozen)
        for answer in self.admit(envelopes):
            assert (answer == sent.name) if welcome else isinstance(answer, Problem), answer
        if welcome:
            self.accepted.add(sent.name)

    @rule()
    def checkpoint(self):
        asyncio.run(self.world.beat.once())

    @rule()
    def crash_and_restart(self):
        self.world.close()
        self.begin()

    @rule()
    def freeze(self):
        asyncio.run(self.world.records.accept(self.election.freeze(self.world.stores.journal.head())))
        self.frozen = True

    @invariant()
    def what_was_accepted_is_there_once(self):
        if hasattr(self, "world"):
            kept = [digest(record) for kind in ("ballot", "withdrawal") for record in self.world.records_of(kind)]
            assert sorted(kept) == sorted(self.accepted)

    def admit(self, envelopes):
        async def main():
            calls = (self.world.admission.admit(envelope) for envelope in envelopes)
            return await asyncio.gather(*calls, return_exceptions=True)

        return asyncio.run(main())

    def teardown(self):
        if hasattr(self, "world"):
            self.world.close()
        shutil.rmtree(self.folder)


Intake.TestCase.settings = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestIntake = Intake.TestCase

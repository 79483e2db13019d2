"""Roles: the sequencer and the register of an election, from its configuration, its keys and the ports they work on."""

from datetime import date
from functools import partial

from golos.ceremony.founding import PACK_RECORD
from golos.ceremony.keys import KeyFolder
from golos.config import Config
from golos.credential.issuer import Issuer
from golos.credential.keys import keys_of
from golos.desk import room
from golos.intake.admission import GroupJournal
from golos.intake.channel import Channel, Console
from golos.intake.codes import Codes, Limits
from golos.intake.drill import DrillChannel
from golos.intake.register import Register
from golos.ledger.note import Verifier
from golos.ledger.policy import Party, Policy
from golos.ledger.sequencer import Sequencer
from golos.ledger.witness import Mirror, Witness
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.ports import Journal, Vault


def sequencer(config: Config, pack: Pack, keys: KeyFolder, journal: Journal, *, recover: bool) -> Sequencer:
    """Return the sequencer; raises Problem ``log.refused``, ``config.witness`` and those of the keys."""
    public = keys_of(pack)
    config.guard.parent.mkdir(parents=True, exist_ok=True)
    return Sequencer(
        journal,
        keys.signer("log"),
        (config.folder / PACK_RECORD).read_bytes(),
        config.guard,
        policy=Policy.of(public.log, public.witnesses, public.quorum),
        witnesses=_witnesses(config, public.witnesses),
        mirrors=[Mirror(url) for url in config.mirrors],
        jobs=partial(room.jobs, binding=pack.policy.binding),
        batch=pack.policy.batch,
        recover=recover,
    )


def register(config: Config, pack: Pack, keys: KeyFolder, vault: Vault, journal: GroupJournal) -> Register:
    """Return gate, pepper and issuer in one."""
    issuer = Issuer(pack.id, keys.issuer(keys_of(pack).cohorts), keys.signing("registrar"), vault, date.today)
    codes = Codes(Limits(codes_overall=config.enrolment.codes_per_hour))
    return Register(keys.pepper().tag, codes, _channel(config), issuer, journal)


def _witnesses(config: Config, known: tuple[str, ...]) -> list[Witness]:
    for witness in config.witnesses:
        if witness.vkey not in known:
            raise Problem(
                "config.witness",
                witness.vkey,
                "is no witness of this election's pack, so its signatures would count for nothing.",
                "List the keys of pack/keys.toml, no others.",
            )
    return [Witness(Party(Verifier.parse(witness.vkey), witness.url)) for witness in config.witnesses]


def _channel(config: Config) -> Channel:
    if config.enrolment.channel == "drill":
        return DrillChannel(config.folder / config.enrolment.socket)
    return Console()

"""A violation an accredited observer saw, by category."""

from golos.intake.form import expect_station
from golos.model.entry import Incident
from golos.model.pack import Pack
from golos.model.problem import Problem


def check_incident(entry: Incident, pack: Pack) -> None:
    """Raises Problem ``station.unknown``, ``incident.category``."""
    expect_station(pack, entry.station, "incident.station")
    if entry.category not in pack.incidents:
        raise Problem(
            "incident.category",
            "incident.category",
            "is not a category of this election.",
            "Use one of the categories of election.toml in the election pack.",
        )

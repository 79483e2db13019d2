"""Election: the synthetic nation written down as an election pack, and its authority's results as a CSV file."""

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from golos.demo.nation import OPTIONS, Nation, outlines
from golos.demo.picture import Printer
from golos.intake.pack import load, write_folder

_PACK = Path(__file__).parent / "pack"
_REGIONS = [
    ("Азёрная вобласць", "Озёрная область", "Lake region"),
    ("Лясная вобласць", "Лесная область", "Forest region"),
    ("Стэпавая вобласць", "Степная область", "Steppe region"),
    ("Горная вобласць", "Горная область", "Mountain region"),
]


def write_pack(nation: Nation, folder: Path, k: int, every: int) -> None:
    """Write the pack of ``nation`` to ``folder``; k and ``every``, seconds between checkpoints, are its policy."""
    (folder / "map").mkdir(parents=True, exist_ok=True)
    text = (_PACK / "election.toml").read_text(encoding="utf-8")
    for mark, value in (("@stations@", len(nation.stations)), ("@k@", k), ("@every@", every)):
        text = text.replace(mark, str(value))
    (folder / "election.toml").write_text(text, encoding="utf-8")
    languages = ("name_be", "name_ru", "name_en")
    for name in ("options.csv", "lines.csv"):
        (folder / name).write_bytes((_PACK / name).read_bytes())
    _write(folder / "areas.csv", ("code", "parent", "level", *languages), _areas(nation))
    columns = ("code", "area", *languages, "address", "place", "lat", "lon")
    _write(folder / "stations.csv", columns, _stations(nation))
    (folder / "map" / "districts.topo.json").write_text(json.dumps(outlines(nation)), encoding="utf-8")


def print_ballots(folder: Path) -> Printer:
    """Return who prints the ballots of the pack in ``folder``; put their form into it, for the machine to read by."""
    pack = load(folder)
    printer = Printer(pack, pack.contests[0])
    write_folder(folder / "form", printer.form())
    return printer


def write_results(nation: Nation, file: Path) -> Path:
    """Write what the authority announced for each station, and the mapping for `golos import`; return the mapping."""
    rows = [
        (s.code, s.electorate, sum(s.announced.values()), *(s.announced[o] for o in OPTIONS), 0)
        for s in nation.stations.values()
    ]
    _write(file, ("station", "voters", "turnout", *OPTIONS, "invalid"), rows)
    columns = ", ".join(f'{name} = "{name}"' for name in ("voters", "turnout", *OPTIONS, "invalid"))
    mapping = file.with_suffix(".map.toml")
    mapping.write_text(
        f'[file]\nstation = "station"\n\n[[table]]\nsource = "commission"\nkind = "protocol"\ncontest = "president"\n'
        f"readings = 1\nauthority = true\ncolumns = {{ {columns} }}\n",
        encoding="utf-8",
    )
    return mapping


def _areas(nation: Nation) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("00", "", "nation", "Дэма-краіна", "Демокрайна", "Demaland")]
    rows += [(code, "00", "region", *_REGIONS[index]) for index, code in enumerate(nation.regions)]
    for code in nation.districts:
        number = code.replace("-", ".")
        rows.append((code, code[:2], "district", f"Раён {number}", f"Район {number}", f"District {number}"))
    return rows


def _stations(nation: Nation) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for station in nation.stations.values():
        number = station.code.rsplit("-", 1)[1].lstrip("0")
        names = (f"Участак № {number}", f"Участок № {number}", f"Station No. {number}")
        rows.append((station.code, station.district, *names, "", f"School {number}", station.lat, station.lon))
    return rows


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    file.write_text(text.getvalue(), encoding="utf-8")

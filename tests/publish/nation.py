"""A small nation for the tests: regions, districts, seven stations, two typings, photographs, an announcement."""

import dataclasses
import hashlib
import json

from golos.count.compare import Comparison, compare
from golos.count.count import Announcement, Ballots, Count
from golos.count.log import Log
from golos.count.sheets import Sheet, count_tables
from golos.ledger.tree import Tree
from golos.model.entry import Official, PackEntry, Table
from golos.model.pack import Pack
from golos.model.packfiles import parse
from golos.model.record import encode

ELECTION = """
[election]
names = { be = "Выбары 2030", ru = "Выборы 2030", en = "Election 2030" }
date = 2030-05-05
round = 1
languages = ["be", "ru", "en"]
stations_announced = 8

[[contest]]
id = "president"
names = { be = "Прэзідэнт", ru = "Президент", en = "President" }
max_choices = 1

[[check]]
id = "sum"
rule = "turnout == options + invalid"
names = { be = "Сума", ru = "Сумма", en = "Sum of all" }

[policy]
k = 5

[[map]]
file = "map/regions.topo.json"
object = "regions"
property = "code"
equals = "code"
"""
OPTIONS = """contest,id,name_be,name_ru,name_en
president,anna,Ганна,Анна,Anna & co
president,boris,Барыс,Борис,Boris
"""
LINES = """id,role,name_be,name_ru,name_en
voters,voters,У спісе,В списке,Voters on the list
turnout,turnout,Яўка,Явка,Turnout
invalid,invalid,Несапраўдныя,Недействительные,Invalid
"""
AREAS = """code,parent,level,name_be,name_ru,name_en
N,,nation,Краіна,Страна,Nation
R1,N,region,Поўнач,Север,North
R2,N,region,Поўдзень,Юг,South
D1,R1,district,Азёрны,Озёрный,Lake
D2,R1,district,Лясны,Лесной,Forest
D3,R2,district,Палявы,Полевой,Field
"""
STATIONS = """code,area,name_be,name_ru,name_en,address,place,lat,lon
s1,D1,,Участок № 1,,Main <street> 1,School,53.2,27.2
s2,D1,,Участок № 2,,Main street 2,School,53.3,27.4
s3,D2,,Участок № 3,,Main street 3,School,53.4,27.8
s4,D2,,Участок № 4,,Main street 4,School,11.0,99.0
s5,D3,,Участок № 5,,Main street 5,School,52.4,27.3
s6,D3,,Участок № 6,,Main street 6,School,52.6,27.6
s7,D3,,Участок № 7,,Main street 7,School,,
"""
PHOTOS = """area,anna,boris,invalid
s1,1120,3,0
s2,40,2,0
s3,30,,0
s5,77,1,0
"""
TYPED = """area,anna,boris,voters,turnout,invalid
s1,1000,1500,3000,2510,10
s2,500,400,1200,905,5
s3,200,100,400,300,1
"""
AGAIN = """area,anna,boris
s1,1000,1500
s3,200,100
"""
ANNOUNCED = (("anna", 1600), ("boris", 5000))


def _square(x: int, y: int) -> list[list[int]]:
    return [[x, y], [100, 0], [0, 100], [-100, 0], [0, -100]]


MAP = {
    "type": "Topology",
    "transform": {"scale": [0.01, 0.01], "translate": [27.0, 52.0]},
    "arcs": [_square(0, 100), _square(0, 0)],
    "objects": {
        "regions": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0]], "properties": {"code": "R1"}},
                {"type": "MultiPolygon", "arcs": [[[1]]], "properties": {"code": "R2"}},
            ],
        }
    },
}
FILES = {
    "election.toml": ELECTION.encode(),
    "options.csv": OPTIONS.encode(),
    "lines.csv": LINES.encode(),
    "areas.csv": AREAS.encode(),
    "stations.csv": STATIONS.encode(),
    "map/regions.topo.json": json.dumps(MAP).encode(),
}


def pack() -> Pack:
    found, mistakes = parse(FILES)
    assert found is not None, mistakes
    return found


def _sheets() -> list[Sheet]:
    return [
        Sheet("photos", "citizens", "confirmed", "president", 0, False, PHOTOS.encode()),
        Sheet("typed", "protocol", "", "president", 1, False, TYPED.encode()),
        Sheet("again", "protocol", "", "president", 1, False, AGAIN.encode()),
    ]


@dataclasses.dataclass(frozen=True)
class Nation:
    log: Log
    comparison: Comparison
    leaves: list[bytes]


def nation(retracted: str = "", own_ballots: bool = False) -> Nation:
    election = pack()
    sheets = _sheets()
    said = Official(
        1, election.id, "N", "president", "board", True, "2030-05-06", 1, 1, ANNOUNCED, bytes(32), bytes(64)
    )
    records = [encode(PackEntry(1, election.id, election.files, ())), encode(said)]
    records += [encode(_table(election, sheet)) for sheet in sheets]
    leaves = [hashlib.sha256(record).digest() for record in records]
    rows = {hashlib.sha256(sheet.rows).digest(): sheet.rows for sheet in sheets}
    log = Log(election, records, {}, rows.__getitem__, len(records), Tree(leaves).root())
    announced = Announcement(1, "N", "president", "board", True, 1, dict(ANNOUNCED))
    count = count_tables(election, sheets, [announced])
    return Nation(log, compare(_placed(count, log, retracted, own_ballots)), leaves)


def _placed(count: Count, log: Log, retracted: str, own_ballots: bool) -> Count:
    return dataclasses.replace(
        count,
        size=log.size,
        root=log.root,
        retractions={retracted: "A reader erred."} if retracted else {},
        ballots=Ballots(logged=9, valid=9, winning=9, withheld=9) if own_ballots else Ballots(),
        cohorts={"week 1": (12, 9)} if own_ballots else {},
        opening=log.size if own_ballots else None,
    )


def _table(election: Pack, sheet: Sheet) -> Table:
    rows = hashlib.sha256(sheet.rows).digest()
    return Table(
        1,
        election.id,
        sheet.source,
        sheet.kind,
        sheet.tier,
        sheet.contest,
        sheet.readings,
        sheet.authority,
        bytes(32),
        bytes(32),
        rows,
        0,
        bytes(32),
        bytes(64),
    )

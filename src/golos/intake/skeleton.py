"""The commented skeleton of a pack that `golos election new` writes. It passes `golos election check` as it stands."""

ELECTION = """\
# An election pack: everything about an election that is not code. docs/election-pack.md explains every key.
# After each change: golos election check FOLDER

[election]
languages = ["en"]          # every contest, option, line and check needs a name in each of them
names = { en = "Election of the mayor" }
date = 2027-05-02
round = 1                   # a second round is a pack of its own, with round = 2 and
# previous = "..."          # the id of the first round's election
# cancelled = "..."         # a reason: then nothing is counted
# stations_announced = 2    # the authority's own number of stations, beside the number listed
# incidents = ["observer_removed", "box_unsealed"]   # what observers can report, by code

# One [[contest]] for each question on the ballot. Its options are in options.csv, in the order of the ballot.
[[contest]]
id = "mayor"
names = { en = "Mayor" }
max_choices = 1

# Lines of the station protocol (lines.csv) that have to agree: two sums and == or <=.
# "options" stands for all options of the contest. A broken check is shown; it never blocks and is never repaired.
[[check]]
id = "sum"
rule = "turnout == options + invalid"
names = { en = "Votes for all and invalid ballots add up to the ballots found" }

[[check]]
id = "turnout"
rule = "turnout <= voters"
names = { en = "No more ballots than voters" }

# Outlines of areas for the map: a TopoJSON file (WGS 84) in map/. The shapes of "object" whose "property" equals
# an area's code (or name_en, ...).
# [[map]]
# file = "map/districts.topo.json"
# object = "data"
# property = "code"
# equals = "code"

[policy]
k = 5                       # stations with fewer ballots are never opened
checkpoint_every = 600      # seconds between checkpoints
batch = 256                 # a checkpoint comes early only over so many entries
records_per_key = 32        # more records of one voter are refused
inner_size = 256            # bytes of every sealed choice, padded, so that its length says nothing
photo_limit = 1_000_000     # bytes of a sealed photograph
"""

FILES = {
    "election.toml": ELECTION,
    "options.csv": "contest,id,name_en\nmayor,first,First candidate\nmayor,second,Second candidate\n",
    "lines.csv": (
        "id,role,name_en\nvoters,voters,Voters on the list\nissued,issued,Ballots issued\n"
        "turnout,turnout,Ballots found\ninvalid,invalid,Invalid ballots\n"
    ),
    "areas.csv": (
        "code,parent,level,name_en\ncity,,nation,The city\nnorth,city,district,North\nsouth,city,district,South\n"
    ),
    "stations.csv": (
        "code,area,name_en,address,place,lat,lon\n"
        'n-1,north,Station 1,"1 North Street",School 1,53.91,27.56\n'
        's-1,south,Station 2,"2 South Street",Library,53.88,27.55\n'
    ),
}


def skeleton() -> dict[str, bytes]:
    """Return the files of the skeleton by name."""
    return {name: text.encode() for name, text in FILES.items()}

"""What the documents point at exists: links, paths, routes, the version."""

import re
from pathlib import Path

import pytest

import golos

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    path
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md", "web/*.md")
    for path in sorted(ROOT.glob(pattern))
    if "node_modules" not in path.parts
]
PROSE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def prose(path):
    return PROSE.sub("", path.read_text(encoding="utf-8"))


def heading_ids(path):
    """Return the anchors that a reader's browser knows of a document."""
    titles = re.findall(r"^#+ +(.*)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def leads_somewhere(path, target):
    name, _, anchor = target.partition("#")
    file = path.parent / name if name else path
    inside = file.exists() and file.resolve().is_relative_to(ROOT)
    return inside and (not anchor or file.suffix != ".md" or anchor in heading_ids(file))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)\s]+)\)", prose(path)) + re.findall(r"<img[^>]* src=\"([^\"]+)\"", prose(path))
    dead = [target for target in targets if not re.match(r"[a-z]+:", target) and not leads_somewhere(path, target)]
    assert dead == []


def test_the_paths_that_the_architecture_names_exist():
    named = re.findall(r"`([\w./-]+)`", prose(ROOT / "ARCHITECTURE.md"))
    paths = [name for name in named if "/" in name and not name.startswith("/")]
    assert len(paths) > 10
    places = (ROOT, ROOT / "src/golos", ROOT / "docs")
    assert [name for name in paths if not any((place / name).exists() for place in places)] == []


def roads_of_the_document():
    """Return (method, path) of the table "Receipts and the road in"; {} stands for what varies."""
    found = set()
    text = (ROOT / "docs/formats.md").read_text(encoding="utf-8").partition("## Receipts and the road in")[2]
    for cell in re.findall(r"^\| (.*?) \|", text, re.MULTILINE):
        for method, path in re.findall(r"`(GET|POST) (/[^`\s?]*)", cell):
            found.add((method, normal(path)))
        for path in re.findall(r"(?<=, )`(/[^`\s?]*)`", cell):
            found.add(("GET", normal(path)))
    return found


def normal(path):
    """Bring the two spellings of what varies in a path together."""
    return re.sub(r"/(\{[^}]*\}|[A-Z]+|\.\.\.)$", "/{}", path)


@pytest.fixture(scope="module")
def roads(tmp_path_factory):
    """Return (method, path) of the OpenAPI document of the running program."""
    from tests.intake.world import Election, World

    from golos.doors.web.site import create

    folder = tmp_path_factory.mktemp("world")
    world = World(Election(folder / "pack"), folder, public=folder / "public")
    try:
        schema = create(world.services).openapi_schema.to_schema()
    finally:
        world.close()
    return {(method.upper(), normal(path)) for path, item in schema["paths"].items() for method in item}


def test_the_roads_of_the_document_and_of_the_program_are_the_same(roads):
    uploads = {road for road in roads if road[1].startswith("/photos")}
    written = roads_of_the_document()
    assert ("POST", "/envelopes") in written and ("POST", "/desk/next") in written
    # tus 1.0 is a standard of its own, and /published is files, not an interface.
    assert written - {("GET", "/published/{}")} == roads - uploads


def test_the_changelog_speaks_of_this_version():
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest and newest[1] == golos.__version__

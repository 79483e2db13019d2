"""Everything published is a pure function of the log: the same from any machine, at any time, in any order."""

import shutil

import pytest
from tamper import files
from tests.e2e.living import golos

from golos.count.compare import compare
from golos.count.log import inners_of
from golos.count.recount import recount
from golos.demo.nation import OPTIONS
from golos.doors.cli.results import publish_election
from golos.intake.pack import load
from golos.publish.mirror import public_records
from golos.publish.published import read_log

pytestmark = pytest.mark.xdist_group("e2e")  # the demo runs once, on one worker


def test_publishing_again_gives_the_same_bytes(whole, tmp_path):
    """The second time by a process of its own, as on another machine."""
    done = golos("publish", whole.folder, "--out", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "again") == files(whole.public)
    for path in files(whole.public):
        assert (tmp_path / "again" / path).read_bytes() == (whole.public / path).read_bytes(), path


def test_a_report_is_the_same_from_the_election_and_from_a_copy_of_what_was_published(whole, tmp_path):
    """Whoever mirrors the folder prints the very bytes; the exhibits are the stations that were falsified."""
    for folder, out in ((whole.folder, "one.html"), (whole.public, "other.html")):
        done = golos("report", folder, "--out", tmp_path / out, "--language", "ru")
        assert done.returncode == 0, done.stderr
    page = (tmp_path / "one.html").read_text("utf-8")
    assert page == (tmp_path / "other.html").read_text("utf-8")
    contradicted = sum(grade in ("proven", "strong", "suspicious") for grade in compare(recount(whole.log)).grades)
    assert contradicted > 0 and page.count(">Доказательство ") == 2 * contradicted  # its page, and its line above


def test_publishing_over_an_older_publication_leaves_nothing_of_it(whole, tmp_path):
    out = tmp_path / "public"
    out.mkdir()
    (out / "old.html").write_text("old")
    publish_election(whole.office, out)
    assert files(out) == files(whole.public)
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


@pytest.fixture(scope="module")
def mirrored(whole):
    """The log as a mirror knows it: closed records are None."""
    return read_log(whole.public, load(whole.public / "pack"))


def test_a_mirror_counts_the_same_as_the_store(whole, mirrored):
    assert None in mirrored.records and None not in whole.log.records
    assert compare(recount(mirrored)).summary == whole.comparison.summary
    assert compare(recount(mirrored)).findings == whole.comparison.findings
    assert mirrored.inners == whole.log.inners == inners_of(whole.log.rows(opening(whole).openings))


def test_the_command_counts_and_compares_a_mirror_like_the_election(whole):
    for command in ("count", "compare"):
        one, other = golos(command, whole.public), golos(command, whole.folder)
        assert one.returncode == 0 and one.stdout == other.stdout


def _of_another_election(public):
    (public / "pack" / "options.csv").write_text((public / "pack" / "options.csv").read_text() + "\n")


def _with_another_record(public):
    path = public / "records" / "000"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def _without_a_bundle(public):
    (public / "tile" / "entries" / "000").unlink()


@pytest.mark.parametrize("spoil", [_of_another_election, _with_another_record, _without_a_bundle])
def test_a_spoilt_mirror_is_not_counted(whole, tmp_path, spoil):
    shutil.copytree(whole.public, tmp_path / "public")
    spoil(tmp_path / "public")
    done = golos("count", tmp_path / "public")
    assert done.returncode == 1 and "Traceback" not in done.stderr and done.stderr.strip()


def opening(whole):
    from golos.model.entry import Opening, decode_entry

    return next(e for e in map(decode_entry, reversed(whole.log.records)) if isinstance(e, Opening))


def test_closed_records_are_those_of_the_stations_that_stay_closed(whole, mirrored):
    assert mirrored.records == public_records(whole.log, opening(whole).size)
    assert sum(record is None for record in mirrored.records) >= 1


def test_the_order_in_which_tables_come_is_of_no_matter(living, tmp_path):
    """Two typings of the protocols and an announcement, in both orders, in two elections of one pack."""
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    header = ",".join(["station", *OPTIONS])
    codes = list(living.pack.stations)
    one.write_text("\n".join([header, *(f"{code},1,20,3,4" for code in codes)]) + "\n")
    other.write_text("\n".join([header, *(f"{code},1,21,3,4" for code in codes[:3])]) + "\n")
    for path in (one, other):
        columns = ", ".join(f'{name} = "{name}"' for name in OPTIONS)
        path.with_suffix(".toml").write_text(
            f'[file]\nstation = "station"\n[[table]]\nsource = "{path.stem}"\nkind = "protocol"\n'
            f'contest = "president"\nreadings = 1\nauthority = false\ncolumns = {{ {columns} }}\n'
        )
    summaries = []
    for order in ((one, other), (other, one)):
        copy = type(living).copy(living.folder, tmp_path / order[0].stem)
        for path in order:
            done = golos("import", path, "--map", path.with_suffix(".toml"), "--to", copy.folder, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
        found = compare(recount(copy.office.log()))
        summary = {key: value for key, value in found.summary.items() if key != "root"}
        summaries.append((summary, [(f.id, f.grade, f.breaking, f.numbers) for f in found.findings]))
    assert summaries[0] == summaries[1]
    assert len(summaries[0][1]) >= 3

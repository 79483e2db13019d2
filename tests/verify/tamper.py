"""What can be done to a published folder, and where the verifier has to see it. Works on any published folder.

`tamperings` is what a mirror or a man in the middle can do; `evil` is what whoever holds the publisher's key can do,
who writes index.csv and index anew after each change.
"""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

from folder import Signer, is_index, reindex, sha, sign_index, sign_lists

CLOSED = b"\xff\xff\xff\xff"


@dataclass(frozen=True)
class Tampering:
    """A change to a folder and the pattern that the message has to match."""

    name: str
    apply: Callable[[Path], None]
    message: str


def kind(path: str) -> str:
    """Return what sort of file it is: the tests take a few of each."""
    top = path.split("/")[0]
    if path.startswith("tile/"):
        top = "/".join(path.split("/")[:2])
    if top in ("data", "pack"):
        return path
    return top + (" partial" if ".p/" in path else "")


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def some_of_each_kind(folder: Path, most: int = 2) -> list[str]:
    """Return at most so many files of each kind."""
    chosen: dict[str, list[str]] = {}
    for path in files(folder):
        chosen.setdefault(kind(path), []).append(path)
    return [path for paths in chosen.values() for path in paths[:most]]


def tamperings(folder: Path) -> Iterator[Tampering]:
    """Yield changes by somebody without any key."""
    for path in some_of_each_kind(folder):
        size = (folder / path).stat().st_size
        for at in sorted({0, size // 2, max(size - 1, 0)}):
            where = "index" if path in ("index", "index.csv") else f"{re.escape(path)}: "
            yield Tampering(f"flip a bit of {path} at {at}", _flip(path, at), where)
        if path not in ("index", "index.csv"):
            yield Tampering(f"drop {path}", _drop(path), f"{re.escape(path)}: is missing")
            yield Tampering(f"{path} becomes a link", _link(path), f"{re.escape(path)}: is a link")
    for top in sorted({str(Path(path).parent) for path in some_of_each_kind(folder)}):
        added = f"{top}/added.csv".removeprefix("./")
        yield Tampering(f"add {added}", _add(added), f"{re.escape(added)}: was added")
    one_of = {kind(path): path for path in files(folder) if path not in ("index", "index.csv")}
    paths = list(one_of.values())
    for one, other in pairwise(paths):
        yield Tampering(f"swap {one} and {other}", _swap(one, other), f"({re.escape(one)}|{re.escape(other)}): ")
    yield Tampering("drop the signature", _cut_signature, "index: ")
    yield Tampering("two lines of index.csv swapped", _swap_lines, "index: ")


def evil(folder: Path, reindex: Callable[[Path], None]) -> Iterator[Tampering]:
    """Yield changes by whoever holds the publisher's key; ``reindex`` writes index.csv and index anew."""
    for name, change, message in _evil(folder):

        def apply(at: Path, change: Callable[[Path], None] = change) -> None:
            change(at)
            reindex(at)

        yield Tampering(f"publisher: {name}", apply, message)


def _evil(folder: Path) -> Iterator[tuple[str, Callable[[Path], None], str]]:
    for path in some_of_each_kind(folder):
        top = path.split("/")[0]
        size = (folder / path).stat().st_size
        where = f"{re.escape(path)}: "
        if top in ("tile", "records", "openings", "pack", "tables", "checkpoint"):
            # A bundle of leaf data shows in the tiles above it, a table or opening where the log names it.
            seen_at = {
                "tile": "(tile/|checkpoint: )",
                "pack": "(pack|leaf 0|index: the election)",
                "openings": "(openings|opening )",
            }
            yield f"flip a bit of {path}", _flip(path, size // 2), seen_at.get(top, where)
            if not is_index(path):
                gone = "openings/" if top == "openings" else path
                named = (
                    "opening "
                    if top == "openings"
                    else "(pack|index: the election)"
                    if top == "pack"
                    else f"{re.escape(gone)}: "
                )
                yield f"drop {path}", _drop(path), named
    for top in ("tile/0", "tile/9", "records", "openings", "tables", "data"):
        yield f"add {top}/000.csv", _add(f"{top}/000.csv"), f"{top}/000.csv: does not belong"
    yield "add pack/more.csv", _add("pack/more.csv"), "(index|leaf 0)"
    for path in [p for p in files(folder) if p.startswith("data/") and p.endswith(".csv")]:
        if path == "data/dictionary.csv":
            yield f"drop {path}", _drop(path), f"{path}: is missing"
            continue
        rows = (folder / path).read_bytes().decode().count("\n")
        if rows > 1:
            yield f"change a number of {path}", _change_cell(path), f"{path}: line [0-9]+: "
            yield f"drop a row of {path}", _drop_row(path), f"{path}: has no row "
            yield f"repeat a row of {path}", _repeat_row(path), f"{path}: line [0-9]+: .* twice"
        yield f"a new column of {path}", _new_column(path), f"{path}: line 1: "
        yield f"drop {path}", _drop(path), f"{path}: is missing"
    for path in ("data/findings.json", "data/summary.json"):
        yield f"drop {path}", _drop(path), f"{path}: is missing"
        yield f"{path} is no JSON", _flip(path, 0), f"{path}: "
    yield "swap two data files", _swap("data/areas.csv", "data/coverage.csv"), "data/areas.csv: line 1"
    yield "swap records and openings", _swap_first("records", "openings"), "(records|openings)/"
    yield "one finding less", _edit_json("data/findings.json", _drop_finding), "data/findings.json: "
    yield "a finding's number", _edit_json("data/findings.json", _change_numbers), "data/findings.json: .* numbers"
    yield "a finding's grade", _edit_json("data/findings.json", _change_grade), "data/findings.json: .* grade"
    for place in _numbers(json.loads((folder / "data/summary.json").read_bytes())):
        dotted = ".".join(place)
        yield (
            f"summary {dotted}",
            _edit_json("data/summary.json", _add_one(place)),
            f"data/summary.json: {re.escape(dotted)}: ",
        )
    for index in ("first", "last"):
        yield f"hide the {index} opened inner part", _hide("openings", index), "opening .*: the stewards opened"
        yield f"change the {index} opened inner part", _change_item("openings", index), "opening .*: the inner parts"
        yield (
            f"hide the {index} record",
            _hide("records", index),
            "(leaf 0: has to be the pack|opening |openings|leaf|data/)",
        )


def evil_lists(folder: Path, publisher: Signer) -> Iterator[Tampering]:
    """Yield lists that the publisher signed but must not have: the two levels below the note, twisted."""
    names = [path for path in files(folder) if path.startswith("lists/")]
    one, other = max(names, key=lambda name: len(_lines(folder, name))), names[0]
    other = other if other != one else names[1]
    first, *_, last = _lines(folder, one)
    path = first.split(",")[0]
    for name, change, message in _twisted(one, other, first, last, path):

        def lists(at: Path, change: Callable[[Path], None] = change) -> None:
            change(at)
            sign_lists(at, publisher)

        yield Tampering(f"publisher: {name}", lists, message)
    for name, edit, message in _twisted_roots(one, other):

        def root(at: Path, edit: Callable[[list[str]], list[str]] = edit) -> None:
            sign_index(at, publisher, _listing(edit(_lines(at, "index.csv"))))

        yield Tampering(f"publisher: {name}", root, message)


def _twisted(
    one: str, other: str, first: str, last: str, path: str
) -> Iterator[tuple[str, Callable[[Path], None], str]]:
    pair = f"({re.escape(one)}|{re.escape(other)})"
    line = f"{re.escape(one)}: line [0-9]+: "
    yield "two shard lists swapped", _swap(one, other), f"{pair}: line 2: .* belongs to {pair}, not here"
    yield "a shard list left out", _drop(one), ".*: was added: the folder has it, no list names it"
    yield "a shard list with more digits", _put("lists/00.csv", []), "index.csv: line [0-9]+: .* digits"
    yield "a shard list without rows", _put(one, []), f"{re.escape(one)}: is empty"
    yield "an entry twice", _edit(one, lambda rows: [first, *rows]), line + ".* twice or out of order"
    yield "entries out of order", _edit(one, lambda rows: rows[::-1]), line + ".* out of order"
    yield "an entry left out", _edit(one, lambda rows: rows[1:]), f"{re.escape(path)}: was added"
    yield "an entry of a file that is not there", _edit(one, _with_absent(one)), ".*: is missing: "
    yield "a path in the wrong shard", _move(one, other, first), f"{re.escape(other)}: line .* belongs to {one}"
    yield (
        "a path in two shards",
        _edit(other, lambda rows: sorted([*rows, first])),
        f"{other}: line .* belongs to {one}",
    )
    yield "a list that lists a list", _edit(one, _with_list(one)), line + ".* which is part of the index"
    yield "a path outside", _edit(one, lambda rows: [f"../up,{last.split(',', 1)[1]}", *rows]), line + ".* no path"
    yield "another length", _edit(one, lambda rows: [_longer(rows[0]), *rows[1:]]), f"{re.escape(path)}: has "
    yield (
        "another digest",
        _edit(one, lambda rows: [_other_digest(rows[0]), *rows[1:]]),
        f"{re.escape(path)}: was changed",
    )
    yield "no header", _without_header(one), f"{re.escape(one)}: line 1: "


def _twisted_roots(one: str, other: str) -> Iterator[tuple[str, Callable[[list[str]], list[str]], str]]:
    def changed(edit: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
        return lambda rows: [edit(text) if text.startswith(one) else text for text in rows]

    line = "index.csv: line [0-9]+: "
    yield "root: a list left out", lambda rows: [r for r in rows if not r.startswith(one)], ".*: was added: "
    yield "root: a list twice", lambda rows: [rows[0], *rows], line + ".* twice or out of order"
    yield "root: out of order", lambda rows: rows[::-1], line + ".* out of order"
    yield "root: another length", changed(_longer), f"{re.escape(one)}: has "
    yield "root: another digest", changed(_other_digest), f"{re.escape(one)}: was changed"
    yield "root: another list's name", changed(lambda text: text.replace(one, other)), line
    yield (
        "root: a page in a list's place",
        lambda rows: [f"en/index.html,1,{'0' * 64}", *rows],
        line + ".* no shard list",
    )
    yield "root: itself", lambda rows: [f"index.csv,1,{'0' * 64}", *rows], line + ".* part of the index"
    yield "root: a list that is not there", lambda rows: sorted([*rows, f"lists/zz.csv,1,{'0' * 64}"]), line
    yield "root: nothing", lambda rows: [], ".*: was added: "


def attempt(
    tried: Iterator[Tampering], before: Path, folder: Path, verify: Callable[[Path], str]
) -> Iterator[str | None]:
    """Try each on ``folder``, a copy of ``before``; yield what is amiss with the answer, None where it is right.

    ``verify`` returns the message after ``WRONG: `` or raises AssertionError.
    """
    kept = {path: (before / path).read_bytes() for path in files(before)}
    for tampering in tried:
        tampering.apply(folder)
        try:
            said = verify(folder)
            right = re.match(tampering.message, said, re.DOTALL)
            yield None if right else f"{tampering.name}: {said!r}, expected {tampering.message!r}"
        except AssertionError as error:
            yield f"{tampering.name}: not caught: {error}"
        for path in files(folder):
            if path not in kept or (folder / path).is_symlink():
                (folder / path).unlink()
        for path, data in kept.items():
            if not (folder / path).is_file() or (folder / path).read_bytes() != data:
                (folder / path).write_bytes(data)


# The changes.


def _flip(path: str, at: int) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        data = bytearray((folder / path).read_bytes())
        data[at] ^= 1
        (folder / path).write_bytes(data)

    return apply


def _drop(path: str) -> Callable[[Path], None]:
    return lambda folder: (folder / path).unlink()


def _add(path: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"more")

    return apply


def _link(path: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        shutil.move(folder / path, folder.parent / "elsewhere")
        (folder / path).symlink_to(folder.parent / "elsewhere")

    return apply


def _swap(one: str, other: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        a, b = (folder / one).read_bytes(), (folder / other).read_bytes()
        (folder / one).write_bytes(b)
        (folder / other).write_bytes(a)

    return apply


def _swap_first(one: str, other: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        a, b = (next(p for p in files(folder) if p.startswith(top + "/")) for top in (one, other))
        _swap(a, b)(folder)

    return apply


def _lines(folder: Path, path: str) -> list[str]:
    """Return the rows of a list, without its header."""
    return (folder / path).read_text().splitlines()[1:]


def _listing(rows: list[str]) -> bytes:
    return "".join(f"{text}\n" for text in ["path,length,sha256", *rows]).encode()


def _put(path: str, rows: list[str]) -> Callable[[Path], None]:
    return lambda folder: [(folder / path).write_bytes(_listing(rows)), None][1]


def _edit(path: str, edit: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        (folder / path).write_bytes(_listing(edit(_lines(folder, path))))

    return apply


def _move(one: str, other: str, line: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        _edit(one, lambda rows: [text for text in rows if text != line])(folder)
        _edit(other, lambda rows: sorted([*rows, line]))(folder)

    return apply


def _in_shard(name: str, form: str) -> str:
    """Return a path of that form that belongs to a shard list."""
    digits = name.removeprefix("lists/").removesuffix(".csv")
    return next(p for p in (form.format(n) for n in range(10**6)) if sha(p.encode()).hex().startswith(digits))


def _with_absent(one: str) -> Callable[[list[str]], list[str]]:
    path = _in_shard(one, "en/absent{}.html")
    return lambda rows: sorted([*rows, f"{path},1,{'0' * 64}"])


def _with_list(one: str) -> Callable[[list[str]], list[str]]:
    path = _in_shard(one, "lists/{:x}.csv")
    return lambda rows: sorted([*rows, f"{path},1,{'0' * 64}"])


def _longer(text: str) -> str:
    path, length, digest = text.split(",")
    return f"{path},{int(length) + 1},{digest}"


def _other_digest(text: str) -> str:
    return text[:-64] + "0" * 64


def _without_header(path: str) -> Callable[[Path], None]:
    return lambda folder: [(folder / path).write_text("\n".join(_lines(folder, path)) + "\n"), None][1]


def _cut_signature(folder: Path) -> None:
    text = (folder / "index").read_bytes().split(b"\n\n")[0]
    (folder / "index").write_bytes(text + b"\n\n")


def _swap_lines(folder: Path) -> None:
    lines = (folder / "index.csv").read_text().split("\n")
    lines[1], lines[2] = lines[2], lines[1]
    (folder / "index.csv").write_text("\n".join(lines))


def _rows(folder: Path, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((folder / path).read_bytes().decode(), newline="")))


def _write_rows(folder: Path, path: str, rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    (folder / path).write_bytes(out.getvalue().encode())


def _change_cell(path: str) -> Callable[[Path], None]:
    """Change the last cell of the last row."""

    def apply(folder: Path) -> None:
        rows = _rows(folder, path)
        cell = rows[-1][-1]
        rows[-1][-1] = str(int(cell) + 1) if cell.isdecimal() else cell + "x"
        _write_rows(folder, path, rows)

    return apply


def _drop_row(path: str) -> Callable[[Path], None]:
    """Drop a row that says something: of the bounds the zeros may be left out."""

    def apply(folder: Path) -> None:
        rows = _rows(folder, path)
        said = [i for i, row in enumerate(rows) if i and (not path.endswith("bounds.csv") or row[-1] != "0")]
        _write_rows(folder, path, rows[: said[-1]] + rows[said[-1] + 1 :])

    return apply


def _repeat_row(path: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        rows = _rows(folder, path)
        _write_rows(folder, path, [*rows, rows[1]])

    return apply


def _new_column(path: str) -> Callable[[Path], None]:
    return lambda folder: _write_rows(folder, path, [[*row, "new"] for row in _rows(folder, path)])


def _edit_json(path: str, edit: Callable[[dict], None]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        value = json.loads((folder / path).read_bytes())
        edit(value)
        (folder / path).write_text(json.dumps(value, ensure_ascii=False))

    return apply


def _drop_finding(value: dict) -> None:
    value["findings"].pop()


def _change_numbers(value: dict) -> None:
    value["findings"][0]["numbers"]["more"] = 1


def _change_grade(value: dict) -> None:
    value["findings"][0]["grade"] = "consistent"


def _numbers(value: object, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the place of every number, and of the texts, of summary.json."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _numbers(item, (*place, key))
    else:
        yield place


def _add_one(place: tuple[str, ...]) -> Callable[[dict], None]:
    def edit(value: dict) -> None:
        for key in place[:-1]:
            value = value[key]
        said = value[place[-1]]
        numbers = [x + 1 for x in said] if isinstance(said, list) else None
        value[place[-1]] = numbers or (said + 1 if isinstance(said, int) else f"{said}0")

    return edit


def _items(data: bytes) -> list[bytes]:
    """Return the items of a bundle, lengths included."""
    items = []
    while data:
        size = 4 if data[:4] == CLOSED else 4 + int.from_bytes(data[:4], "big")
        items.append(data[:size])
        data = data[size:]
    return items


def _edit_item(top: str, which: str, edit: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Edit the first or last item of the records or openings that is laid open."""

    def apply(folder: Path) -> None:
        paths = [p for p in files(folder) if p.startswith(f"{top}/")]
        path = folder / (paths[0] if which == "first" else paths[-1])
        items = _items(path.read_bytes())
        public = [i for i, item in enumerate(items) if item != CLOSED]
        at = public[0 if which == "first" else -1]
        items[at] = edit(items[at])
        path.write_bytes(b"".join(items))

    return apply


def _hide(top: str, which: str) -> Callable[[Path], None]:
    return _edit_item(top, which, lambda item: CLOSED)


def _change_item(top: str, which: str) -> Callable[[Path], None]:
    return _edit_item(top, which, lambda item: item[:-1] + bytes([item[-1] ^ 1]))


def main(arguments: list[str]) -> int:
    """``tamper.py FOLDER [PUBLISHER.KEY]``: try it all on a copy of a published folder, and say what is not caught."""
    published = Path(arguments[0]).resolve()
    program = Path(__file__).parents[2] / "verify" / "golos_verify.py"

    def verify(folder: Path) -> str:
        done = subprocess.run([sys.executable, program, folder], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and done.stdout.startswith("WRONG: "), (done.returncode, done.stdout, done.stderr)
        return done.stdout.removeprefix("WRONG: ").rstrip("\n")

    tried = [tamperings(published)]
    if len(arguments) > 1:
        publisher = Signer.of_note_key(Path(arguments[1]).read_text())
        tried.append(evil(published, lambda at: reindex(at, publisher)))
        tried.append(evil_lists(published, publisher))
    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copytree(published, Path(scratch) / "copy")
        found = list(attempt(chain.from_iterable(tried), published, copy, verify))
    print(f"{len(found)} tried", *(said for said in found if said), sep="\n")
    return any(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

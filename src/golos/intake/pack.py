"""The folder of an election pack: read it, load it, write it."""

import gc
from collections.abc import Mapping
from pathlib import Path

from golos.model.mistake import Mistake
from golos.model.pack import Pack
from golos.model.packfiles import belongs, parse
from golos.model.problem import Problem


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files by name (relative, with /); those that are no part of a pack are named but empty.

    Hidden files are passed over. Raises Problem ``pack.folder`` where there is no folder.
    """
    if not folder.is_dir():
        raise Problem("pack.folder", str(folder), "is no folder.", "Name the folder that holds election.toml.")
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(".") and "/." not in name:
            files[name] = path.read_bytes() if belongs(name) else b""
    return files


def check(files: Mapping[str, bytes]) -> tuple[Pack | None, list[Mistake]]:
    """Return what `golos.model.packfiles.parse` says, without the garbage collector, which is then put back.

    A million stations hold no cycles, yet it would walk over all of them again and again: a third of the time.
    """
    if not gc.isenabled():
        return parse(files)
    gc.disable()
    try:
        return parse(files)
    finally:
        gc.enable()


def load(folder: Path) -> Pack:
    """Return the pack of the folder. Raises Problem ``pack.mistakes``, which lists them, or ``pack.folder``."""
    return pack_of(read_folder(folder), str(folder))


def pack_of(files: Mapping[str, bytes], what: str = "pack") -> Pack:
    """Return the pack that the files make. Raises Problem ``pack.mistakes``; warnings do not matter here."""
    pack, found = check(files)
    if pack is None:
        raise Problem("pack.mistakes", what, _listed([m for m in found if m.level == "mistake"]), "Mend the pack.")
    return pack


def write_folder(folder: Path, files: Mapping[str, bytes], *, replace: bool = False) -> None:
    """Write the files. Raises Problem ``pack.exists`` if one of them is there, before any is written."""
    for name in files:
        if not replace and (folder / name).exists():
            raise Problem(
                "pack.exists", str(folder / name), "is there already.", "Name a new folder, or move the file away."
            )
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _listed(mistakes: list[Mistake], most: int = 20) -> str:
    lines = [f"has {len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}:"]
    lines += [f"  {mistake.place}: {mistake.text}" for mistake in mistakes[:most]]
    if len(mistakes) > most:
        lines.append(f"  and {len(mistakes) - most} more; `golos election check` names them all.")
    return "\n".join(lines) + "\n"

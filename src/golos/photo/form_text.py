"""Form text: a FORM.toml written out."""

from collections.abc import Sequence

from golos.photo.form import Kind, Region

_HEAD = "# Where the {what} of this form are, in pixels of the blank picture (docs/election-pack.md).\n"


def toml_of(kind: Kind, template: str, fields: Sequence[tuple[str, Sequence[Region]]], choices: int = 1) -> str:
    """Return FORM.toml for ``fields``: an id with its box, or with its row of cells."""
    lines = [_HEAD.format(what="boxes" if kind == "ballot" else "number cells")]
    lines += [f'kind = "{kind}"', f'template = "{template}"']
    lines += [f"choices = {choices}"] if choices != 1 else []
    for name, regions in fields:
        places = [f"[{r.x}, {r.y}, {r.w}, {r.h}]" for r in regions]
        if kind == "ballot":
            lines += ["", "[[box]]", f'id = "{name}"', f"xywh = {places[0]}"]
        else:
            lines += ["", "[[number]]", f'id = "{name}"', f"cells = [{', '.join(places)}]"]
    if kind == "protocol":
        lines += ["", "# [[check]]", '# rule = "sum(protocol-1..3) == protocol-4"']
    return "\n".join(lines) + "\n"

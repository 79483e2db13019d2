"""python -m tests.bench.photo_memory FOLDER: read its photographs by its FORM.toml; print the most megabytes held."""

import sys
from pathlib import Path

from golos.photo.form import read_form
from golos.photo.reader import read


def main(folder: Path) -> None:
    """Read, then print this process's high-water mark of resident memory (Linux: /proc)."""
    form = read_form(folder / "FORM.toml")
    for file in sorted(folder.glob("*.jpg")):
        read(file.read_bytes(), form)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    sys.stdout.write(f"{int(kilobytes) / 1024:.1f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

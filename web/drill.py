"""Drill: an invented election on this machine, with the voter's app, for trying it by hand: `make app`.

The codes that a phone operator would send appear on the terminal; an organisation's key lies there to accredit
observers with. Founded once in build/drill; remove that folder for a
new one.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

from golos.ceremony.keys import Plan
from golos.credential.keys import new_secret, secret_to_text
from golos.demo import election
from golos.demo.nation import make
from golos.model.ed25519 import SigningKey
from golos.model.pack import Organisation
from golos.office import LocalOffices

PORT = 8080
ORGANISATION = "organisation.key"
STATIONS, VOTERS, SEED = 60, 3000, 1
K, EVERY, WEEKS = 1, 10, 8


def found(folder: Path, host: str) -> None:
    """Found the election in ``folder``; its server listens at ``host``."""
    election.write_pack(make(STATIONS, VOTERS, 0, SEED), folder / "pack", K, EVERY)
    (folder / "golos.toml").write_text(f'[web]\nhost = "{host}"\nport = {PORT}\n', encoding="utf-8")
    monday = date.today() - timedelta(days=date.today().weekday())
    secret = new_secret()
    (folder / ORGANISATION).write_text(secret_to_text(secret), encoding="utf-8")
    watchers = (Organisation("Drill observers", SigningKey(secret).public),)
    LocalOffices().found(folder, Plan("golos.invalid/drill", 3, 2, monday, WEEKS, organisations=watchers))


def main(host: str) -> None:
    """Found it if it is not there, say where it is, and serve until Ctrl-C."""
    folder = Path("build") / "drill"
    if not (folder / "golos.toml").exists():
        folder.mkdir(parents=True, exist_ok=True)
        found(folder, host)
    print(f"The voter's app: http://{host}:{PORT}/app/\nCodes appear here. Ctrl-C ends.", flush=True)
    print(
        f"On a telephone on a cable: adb reverse tcp:{PORT} tcp:{PORT}, then http://localhost:{PORT}/app/", flush=True
    )
    print(f"Accredit an observer's key: golos observer accredit {folder} {folder / ORGANISATION} KEY", flush=True)
    LocalOffices().serve(folder, lambda: None)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1")

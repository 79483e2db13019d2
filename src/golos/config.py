"""Config: golos.toml, what a machine needs to know besides the election pack."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from golos.model.problem import Problem

FILE = "golos.toml"
DEFAULT = """# How this machine runs the election. Paths are relative to this file.
pack = "pack"
keys = "keys"
data = "data"
guard = "guard/log.json"     # keep it on another disk than data, and out of its backups
public = "public"            # the published folder, served at / once there is one
mirrors = []                 # addresses of copies of the log; they are asked at the start whether they know more

[web]
host = "127.0.0.1"
port = 8080

[enrolment]
channel = "console"          # console: codes appear on the organiser's terminal
codes_per_hour = 6000

# Who is asked to cosign every checkpoint: each witness of pack/keys.toml with its address.
# [[witness]]
# vkey = "witness.example.org+...+..."
# url = "https://witness.example.org/"
"""


class Web(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the HTTP door listens."""

    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8080


class EnrolmentConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How phones are proven: ``console``, or ``drill`` (a fake) with the path of its socket."""

    channel: str = "console"
    socket: str = ""
    codes_per_hour: int = 6000


class WitnessConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a witness of the pack is asked to cosign: its verifier key, and the prefix of its address."""

    vkey: str
    url: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pack: str = "pack"
    keys: str = "keys"
    data: str = "data"
    guard: str = "guard/log.json"
    public: str = "public"
    web: Web = Web()
    enrolment: EnrolmentConfig = EnrolmentConfig()
    witness: tuple[WitnessConfig, ...] = ()
    mirrors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """golos.toml with its paths resolved."""

    folder: Path
    pack: Path
    keys: Path
    data: Path
    guard: Path
    public: Path
    web: Web
    enrolment: EnrolmentConfig
    witnesses: tuple[WitnessConfig, ...]
    mirrors: tuple[str, ...]


def read_config(folder: Path) -> Config:
    """Return the configuration in ``folder``; raises Problem ``config.missing`` or ``config.wrong``."""
    path = folder / FILE
    try:
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except OSError as error:
        raise Problem(
            "config.missing", str(path), f"can't be read ({error.strerror}).", "Found the election with `golos init`."
        ) from error
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise Problem("config.wrong", str(path), f"is not right: {error}.", "See docs/deployment.md.") from error
    places = {name: folder / getattr(file, name) for name in ("pack", "keys", "data", "guard", "public")}
    return Config(
        folder, **places, web=file.web, enrolment=file.enrolment, witnesses=file.witness, mirrors=file.mirrors
    )

"""App: the voter's app and what it reads: its files, the election in one file, stations, look-up, mirrors."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get, post
from litestar.config.cors import CORSConfig
from litestar.datastructures import ResponseHeader
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from golos.credential.keys import keys_of
from golos.doors.web.app_files import OFFLINE, PAGE, AppFile, absent, built, offline_page, policy
from golos.doors.web.app_lookup import LiveLookup
from golos.doors.web.services import PublicLog
from golos.doors.web.spec import CBOR, OCTETS, errors
from golos.intake.dispute import Disputes
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.publish import mirrors
from golos.publish.election_file import election_file
from golos.publish.shards import shards

_PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), usb=(), payment=()"
_CLEAR = '"cache", "storage"'
_ELECTION = "election.golos"
_LOOKUP = re.compile(r"all|[0-9a-f]{1,8}")

CORS = CORSConfig(
    allow_origins=["*"],
    allow_methods=["GET", "POST", "HEAD", "PATCH"],
    allow_headers=["content-type", "tus-resumable", "upload-length", "upload-metadata", "upload-offset"],
    expose_headers=["location", "upload-offset", "upload-length", "retry-after", "date"],
    max_age=86_400,
)
"""An app that came from another mirror may ask here too. Nothing here knows a browser: there are no cookies."""


class DisputeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A phone, the code it was sent, and the code of a region, "" for none."""

    phone: str
    code: str
    area: str = ""


class DisputeSaid(msgspec.Struct):
    """It is counted."""

    said: bool = True


class DisputesBody(msgspec.Struct):
    """How many people found their number registered by somebody else, by region; "" where they named none."""

    regions: dict[str, int]


class _Mirrors:
    """The signed list as it lies in a file of the election's folder; read again when it changes."""

    def __init__(self, path: Path | None, pack: Pack) -> None:
        self._path, self._pack, self._seen = path, pack, -1
        self.note, self.origins = b"", list[str]()

    def refresh(self) -> None:
        """Take in a new list. Raises Problem where it is not the publisher's."""
        if self._path is None or not self._path.exists():
            return
        changed = self._path.stat().st_mtime_ns
        if changed != self._seen:
            note = self._path.read_bytes()
            self.origins = mirrors.read(note, keys_of(self._pack).publisher, self._pack.id)
            self.note, self._seen = note, changed


class _Stations:
    """The pack's stations in small files, made when the first of them is asked for: a large nation has thousands."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._made: Mapping[str, bytes] | None = None
        self._turn = asyncio.Lock()

    async def files(self) -> Mapping[str, bytes]:
        """Return the files by path."""
        async with self._turn:
            if self._made is None:
                self._made = await asyncio.to_thread(shards, self._pack)
            return self._made


def app_routes(pack: Pack, pack_folder: Path, log: PublicLog, listed: Path | None) -> list[ControllerRouterHandler]:
    """Return the routes; ``listed`` is where the signed list of mirrors lies, if there is one."""
    known, live, stations = _Mirrors(listed, pack), LiveLookup(log), _Stations(pack)
    files = built()
    page = offline_page(files, pack.offline_page)
    election = AppFile.of(_ELECTION, election_file(pack, pack_folder, {}))
    served = {name: file for name, file in files.items() if name != OFFLINE or page} | {_ELECTION: election}

    def serve(request: Request[Any, Any, Any], name: str) -> Response[bytes]:
        known.refresh()
        file = served.get(name)
        if file is None:
            raise _nothing() if files else absent()
        headers = {"Content-Security-Policy": policy(known.origins), "Permissions-Policy": _PERMISSIONS}
        return _send(request, file, headers)

    @get("/app", summary="The voter's app", media_type=MediaType.HTML, responses=errors(404))
    async def app(request: Request[Any, Any, Any]) -> Response[bytes]:
        if not request.scope["raw_path"].endswith(b"/"):
            return Response(b"", status_code=308, headers={"Location": "/app/"})
        return serve(request, PAGE)

    @get("/app/{name:path}", summary="A file of the voter's app", media_type=OCTETS, responses=errors(404))
    async def app_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        return serve(request, name.strip("/"))

    @get("/app/offline.golos", summary="The election with its stations in one file", media_type=CBOR)
    async def offline_election() -> Response[bytes]:
        known.refresh()
        beside = {"mirrors": known.note} if known.note else {}
        return Response(election_file(pack, pack_folder, {**await stations.files(), **beside}), media_type=CBOR)

    @post(
        "/app/forget",
        status_code=204,
        summary="Have the browser empty what it keeps of this origin",
        response_headers=[ResponseHeader(name="Clear-Site-Data", value=_CLEAR)],
    )
    async def forget() -> None:
        return None

    @get(
        "/stations/{name:path}", summary="The stations in small files", media_type=MediaType.JSON, responses=errors(404)
    )
    async def station_list(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
        path = f"stations/{name.strip('/')}"
        data = (await stations.files()).get(path)
        if data is None:
            raise _nothing()
        return _send(request, AppFile.of(path, data), {})

    @get("/lookup/{name:str}", summary="Leaves whose hash begins so", media_type=MediaType.TEXT, responses=errors(404))
    async def lookup(name: FromPath[str]) -> Response[bytes]:
        found = live.file(name) if _LOOKUP.fullmatch(name) else None
        if found is None:
            raise _nothing()
        return Response(found, media_type=MediaType.TEXT)

    @get("/mirrors", summary="The signed list of mirrors", media_type=MediaType.TEXT, responses=errors(404))
    async def mirror_list() -> Response[bytes]:
        known.refresh()
        if not known.note:
            raise _nothing()
        return Response(known.note, media_type=MediaType.TEXT)

    return [app, app_file, offline_election, forget, station_list, lookup, mirror_list]


def dispute_routes(disputes: Disputes, log: PublicLog) -> list[ControllerRouterHandler]:
    """Return the routes by which somebody says that the own number was registered by another."""
    shown: dict[int, DisputesBody] = {}

    @post(
        "/enrolment/dispute",
        status_code=202,
        summary="Say that somebody else registered this number",
        responses=errors(400, 403, 409, 413, 503),
        request_max_body_size=4096,
    )
    async def dispute(data: JSONBody[DisputeRequest]) -> DisputeSaid:
        await disputes.say(data.phone, data.code, data.area)
        return DisputeSaid()

    @get("/disputes", summary="Numbers that their owners found registered by others, by region")
    async def told() -> DisputesBody:
        """The counts move with the log alone: one that moved with a request would tell what the request was."""
        size = log.final.size
        if size not in shown:
            shown.clear()
            shown[size] = DisputesBody(disputes.by_region())
        return shown[size]

    return [dispute, told]


def _send(request: Request[Any, Any, Any], file: AppFile, headers: dict[str, str]) -> Response[bytes]:
    if file.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        coded = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(file.gzipped, media_type=file.media_type, headers=headers | coded)
    return Response(file.data, media_type=file.media_type, headers=headers | {"Vary": "Accept-Encoding"})


def _nothing() -> Problem:
    return Problem("missing", "path", "names nothing that is here.", "See /schema for what is.")

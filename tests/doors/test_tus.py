"""Photographs over HTTP, as a tus 1.0 client sends them."""

import asyncio
import base64
import hashlib
import socket
import threading
import time

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.intake.photographs import LIMIT, Reception, sealed_picture, sha

from golos.doors.web import server, tus
from golos.intake.uploads import Limits
from golos.ports import StoreFull, Waiting

V = {"Tus-Resumable": "1.0.0"}
OCTETS = {"Content-Type": "application/offset+octet-stream"}


def b64(data):
    return base64.b64encode(data).decode()


def creation(picture):
    return {**V, "Upload-Length": str(len(picture)), "Upload-Metadata": "filename eA==,sha256 " + b64(sha(picture))}


def at(offset):
    return {**V, **OCTETS, "Upload-Offset": str(offset)}


@pytest.fixture
def reception(tmp_path):
    one = Reception(tmp_path, limits=Limits(count=2))
    yield one
    one.close()


@pytest.fixture
def client(reception):
    with TestClient(Litestar(route_handlers=tus.routes(reception.photos))) as one:
        yield one


def stored(reception, picture):
    return reception.stores.blobs.get(sha(picture)) == picture and len(reception.stores.journal.read(Waiting(9))) == 1


def problem(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["tus-resumable"] == "1.0.0"
    body = answer.json()
    assert (body["type"], body["status"]) == (f"urn:golos:{code}", status)
    assert body["title"] and body["detail"] and body["remedy"]


def test_what_the_server_can_do(client):
    answer = client.options("/photos")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-max-size"] == str(LIMIT)
    assert set(answer.headers["tus-extension"].split(",")) >= {"creation", "creation-with-upload", "checksum"}
    assert "sha256" in answer.headers["tus-checksum-algorithm"].split(",")


def test_a_photograph_in_one_request(client, reception):
    picture = sealed_picture()
    for _ in range(2):
        answer = client.post("/photos", content=picture, headers=creation(picture) | OCTETS)
        assert answer.status_code == 201
        assert answer.headers["upload-offset"] == str(len(picture))
        assert answer.headers["tus-resumable"] == "1.0.0"
        assert "upload-expires" not in answer.headers
        there = client.head(answer.headers["location"], headers=V)
        assert (there.headers["upload-offset"], there.headers["upload-length"]) == (str(len(picture)),) * 2
    assert stored(reception, picture)


def test_a_photograph_in_pieces(client, reception):
    picture = sealed_picture()
    answer = client.post("/photos", headers=creation(picture))
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "0")
    assert answer.headers["upload-expires"].endswith("GMT")
    place = answer.headers["location"]
    answer = client.patch(place, content=picture[:5000], headers=at(0))
    assert (answer.status_code, answer.headers["upload-offset"], answer.content) == (204, "5000", b"")
    answer = client.head(place, headers=V)
    assert (answer.status_code, answer.headers["upload-offset"]) == (200, "5000")
    assert answer.headers["cache-control"] == "no-store"
    problem(client.patch(place, content=picture[:5000], headers=at(0)), 409, "upload.offset")
    answer = client.patch(place, content=picture[5000:], headers=at(5000))
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(picture)))
    assert stored(reception, picture)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_piece_with_a_checksum(client, reception, algorithm):
    picture = sealed_picture()
    place = client.post("/photos", headers=creation(picture)).headers["location"]
    good = {"Upload-Checksum": f"{algorithm} {b64(hashlib.new(algorithm, picture).digest())}"}
    broken = bytes([picture[0] ^ 1]) + picture[1:]
    problem(client.patch(place, content=broken, headers=at(0) | good), 460, "upload.checksum")
    assert client.head(place, headers=V).headers["upload-offset"] == "0"
    assert client.patch(place, content=picture, headers=at(0) | good).status_code == 204
    assert stored(reception, picture)
    bad = {"Upload-Checksum": "md5 AAAA"}
    problem(client.post("/photos", content=picture, headers=creation(picture) | OCTETS | bad), 400, "upload.algorithm")


def test_an_upload_can_be_given_up(client):
    picture = sealed_picture()
    place = client.post("/photos", headers=creation(picture)).headers["location"]
    assert client.delete(place, headers=V).status_code == 204
    assert client.head(place, headers=V).status_code == 404
    problem(client.delete(place, headers=V), 404, "upload.missing")


def test_each_mistake_is_named(client, reception):
    picture = sealed_picture()
    good = creation(picture)
    post = lambda headers, content=b"": client.post("/photos", content=content, headers=headers)  # noqa: E731
    without = lambda name: {key: value for key, value in good.items() if key != name}  # noqa: E731
    problem(post(without("Tus-Resumable")), 412, "tus.version")
    problem(post(good | {"Tus-Resumable": "0.2.2"}), 412, "tus.version")
    problem(post(without("Upload-Length")), 400, "upload.header")
    for length in ("-1", "1e3", "x", "٣", "9" * 30):
        headers = [(k.encode(), v.encode()) for k, v in (good | {"Upload-Length": length}).items()]
        problem(post(headers), 400, "upload.header")
    problem(post(good | {"Upload-Length": str(LIMIT + 1)}), 413, "photo.too_large")
    problem(post(good | {"Upload-Length": "1000"}), 400, "photo.size")
    for metadata in ("", "sha256", "sha256 xyz", "sha256 AAAA", "filename " + b64(sha(picture)), ",,,"):
        problem(post(good | {"Upload-Metadata": metadata}), 400, "upload.metadata")
    problem(post(good, picture), 415, "body.type")
    problem(post(good | OCTETS, picture + b"x"), 413, "upload.too_much")
    other = bytes([picture[0]]) + bytes(len(picture) - 1)
    problem(post(good | OCTETS, other), 460, "photo.mismatch")
    problem(client.patch("/photos/" + "0" * 32, content=b"x", headers=at(0)), 404, "upload.missing")
    place = post(good).headers["location"]
    problem(client.patch(place, content=b"x", headers={**V, "Upload-Offset": "0"}), 415, "body.type")
    problem(client.patch(place, content=b"x", headers=V | OCTETS), 400, "upload.header")
    assert reception.stores.journal.read(Waiting(9)) == []


def test_overload_says_when_to_come_back_and_whole_photographs_still_get_in(client, reception):
    picture = sealed_picture()
    for _ in range(2):
        assert client.post("/photos", headers=creation(picture)).status_code == 201
    answer = client.post("/photos", headers=creation(picture))
    problem(answer, 503, "overload")
    assert int(answer.headers["retry-after"]) > 0
    assert client.post("/photos", content=picture, headers=creation(picture) | OCTETS).status_code == 201
    assert stored(reception, picture)


def test_a_full_store_is_said_and_the_upload_goes_on_later(client, reception):
    picture = sealed_picture()
    put = reception.stores.blobs.put_future

    def full(_):
        raise StoreFull("no room")

    reception.stores.blobs.put_future = full
    place = client.post("/photos", headers=creation(picture)).headers["location"]
    answer = client.patch(place, content=picture, headers=at(0))
    problem(answer, 503, "store.full")
    assert "retry-after" in answer.headers
    reception.stores.blobs.put_future = put
    assert client.head(place, headers=V).headers["upload-offset"] == str(len(picture))
    assert stored(reception, picture)


def test_over_a_breaking_network_the_upload_goes_on_where_it_broke(reception):
    """The real server: the connection dies within a PATCH; what came is kept, the rest completes it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    app = lambda: Litestar(route_handlers=tus.routes(reception.photos))  # noqa: E731
    serving = threading.Thread(
        target=loop.run_until_complete, args=(server.serve(app, "127.0.0.1", port, stop=stop),), daemon=True
    )
    serving.start()
    picture = sealed_picture(80_000)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=httpx.HTTPTransport(retries=8)) as client:
            place = client.post("/photos", headers=creation(picture)).headers["location"]
            _break_off(port, place, picture)
            for _ in range(50):
                offset = int(client.head(place, headers=V).headers["upload-offset"])
                if offset:
                    break
                time.sleep(0.05)
            assert 0 < offset <= 60_000
            assert client.patch(place, content=picture[offset:], headers=at(offset)).status_code == 204
    finally:
        loop.call_soon_threadsafe(stop.set)
        serving.join(timeout=10)
    assert stored(reception, picture)


def _break_off(port, place, picture):
    headers = "".join(f"{name}: {value}\r\n" for name, value in at(0).items())
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(f"PATCH {place} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {len(picture)}\r\n\r\n".encode())
        line.sendall(picture[:60_000])
        time.sleep(0.2)

"""What several tests of the ledger need: the shared vectors, a journal in memory, a witness over HTTP."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from golos.ledger.checkpoint import Checkpoint
from golos.ledger.merkle import EMPTY_ROOT, ProofError, verify_consistency
from golos.ledger.note import COSIGNATURE, Signer, Verifier, decode64, parse, verify_signatures
from golos.model.ed25519 import SigningKey
from golos.model.problem import Problem
from golos.model.record import digest
from golos.ports import Head, HeadMoved, Missing, Positions

VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="../shared/vectors is not beside the project")


def vkeys():
    """Return the verifier keys of the vectors by the first word of their line."""
    lines = (VECTORS / "note-vkeys.txt").read_text().splitlines()
    return {line.split()[0]: line.split()[-1] for line in lines if not line.startswith("#")}


def signer(name="example.org/log", seed=1, kind=1):
    return Signer(name, SigningKey(bytes([seed]) * 32), kind)


class MemoryJournal:
    """golos.ports.Journal in memory; what it holds survives the death of the sequencer that used it."""

    def __init__(self):
        self.waiting, self.rows, self.hashes, self.jobs = {}, [], set(), {}
        self._head = Head(0, EMPTY_ROOT, b"")

    def admit(self, rows):
        new = []
        for row in rows:
            name = digest(row.record)
            new.append(name not in self.waiting and name not in self.hashes)
            if new[-1]:
                self.waiting[name] = row
        return new

    def commit(self, hashes, jobs, expected, new):
        if self._head != expected:
            raise HeadMoved
        assert new.size == expected.size + len(hashes)
        if any(name not in self.waiting for name in hashes):
            raise Missing
        self.rows += [self.waiting.pop(name) for name in hashes]
        self.hashes.update(hashes)
        for job in jobs:
            self.jobs.setdefault((job.kind, job.name), job)
        self._head = new

    def read(self, what):
        if isinstance(what, Positions):
            return self.rows[what.start : what.stop]
        return [self.waiting[name] for name in sorted(self.waiting)][: what.limit]

    def head(self):
        return self._head


class WitnessServer:
    """A witness that does what c2sp.org/tlog-witness says, in memory, over real HTTP."""

    def __init__(self, logs, name="witness.example", seed=9):
        self.signer = signer(name, seed, COSIGNATURE)
        self.logs = {log.name: log for log in logs}
        self.known = {}
        self.answers = []
        """Status of each request so far."""
        self.instead = None
        """(status, body) to answer whatever is asked."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}/prefix/"

    def add_checkpoint(self, body):
        """Return status, content type and body."""
        head, _, note = body.partition(b"\n\n")
        old, *proof = head.decode().split("\n")
        old, proof = int(old.removeprefix("old ")), [decode64(line) for line in proof]
        origin = note.partition(b"\n")[0].decode()
        if origin not in self.logs:
            return 404, "text/plain", b"unknown log\n"
        try:
            text, signatures = parse(note)
            if not verify_signatures(text, signatures, [self.logs[origin]]):
                return 403, "text/plain", b"no signature\n"
        except Problem:
            return 403, "text/plain", b"invalid signature\n"
        checkpoint = Checkpoint.parse(text)
        size, root = self.known.get(origin, (0, EMPTY_ROOT))
        if old > checkpoint.size:
            return 400, "text/plain", b"old size too large\n"
        if old != size or (old == checkpoint.size and root != checkpoint.root):
            return 409, "text/x.tlog.size", b"%d\n" % size
        try:
            if old:
                verify_consistency(old, root, checkpoint.size, checkpoint.root, proof)
            elif proof:
                return 422, "text/plain", b"consistency proof\n"
        except ProofError:
            return 422, "text/plain", b"consistency proof\n"
        self.known[origin] = (checkpoint.size, checkpoint.root)
        return 200, "text/plain", self.signer.signature(text, time=1_700_000_000).line().encode()

    @contextmanager
    def running(self):
        witness = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.path == "/prefix/add-checkpoint"
                if witness.instead:
                    status, kind, answer = witness.instead[0], "text/plain", witness.instead[1]
                else:
                    status, kind, answer = witness.add_checkpoint(body)
                witness.answers.append(status)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


def verifier(vkey):
    return Verifier.parse(vkey)

"""Line: the wire between a browser and a server, which a test may close, cut in the middle, and make slow."""

import socket
import struct
import threading
import time

HOST = "127.0.0.1"
_PIECE = 1024
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: the end of the connection is a reset, as when a cable is pulled."""


class Line:
    """A TCP relay. Its port stays the same whatever stands behind it, so the app's origin does too."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._door = socket.create_server((HOST, 0))
        self._lock = threading.Lock()
        self._open = True
        self._cut_at: int | None = None
        self._ends: set[socket.socket] = set()
        self.rate = 0.0
        """Bytes a second in each direction of a connection; 0: as fast as it goes."""
        self.delay = 0.0
        """Seconds that each burst waits, in each direction."""
        self.heard = bytearray()
        """What browsers have sent, as it came through."""
        self.sent = 0
        """Bytes that browsers have sent so far, which came through."""
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self._door.getsockname()[1]}"

    @property
    def is_open(self) -> bool:
        return self._open

    def close(self) -> None:
        """Cut every connection, and every new one at once."""
        with self._lock:
            self._open = False
            for end in self._ends:
                _reset(end)
            self._ends.clear()

    def mend(self) -> None:
        """Let connections through again."""
        with self._lock:
            self._open, self._cut_at = True, None

    def cut_after(self, size: int) -> None:
        """Close the line once browsers have sent ``size`` more bytes; what comes after them is lost."""
        with self._lock:
            self._cut_at = self.sent + size

    def _accept(self) -> None:
        while True:
            browser, _ = self._door.accept()
            threading.Thread(target=self._connect, args=(browser,), daemon=True).start()

    def _connect(self, browser: socket.socket) -> None:
        try:
            server = socket.create_connection((HOST, self._behind), 5)
        except OSError:
            return _reset(browser)
        with self._lock:
            if not self._open:
                _reset(server)
                return _reset(browser)
            self._ends |= {browser, server}
        threading.Thread(target=self._pump, args=(browser, server, True), daemon=True).start()
        return self._pump(server, browser, False)

    def _pump(self, source: socket.socket, sink: socket.socket, upward: bool) -> None:
        quiet = 0.0
        try:
            while data := source.recv(_PIECE if self.rate else 65536):
                if self.delay and time.monotonic() - quiet > self.delay:
                    time.sleep(self.delay)
                if self.rate:
                    time.sleep(len(data) / self.rate)
                sink.sendall(data if not upward else self._count(data))
                quiet = time.monotonic()
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            _reset(source)
            _reset(sink)

    def _count(self, data: bytes) -> bytes:
        """Return what goes through of ``data``. Raises OSError where the line is cut within it."""
        with self._lock:
            left = len(data) if self._cut_at is None else self._cut_at - self.sent
            self.sent += min(len(data), left)
            self.heard += data[:left]
        if left < len(data):
            self.close()
            raise ConnectionResetError
        return data


def _reset(end: socket.socket) -> None:
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it
        end.close()
    except OSError:
        pass

"""Client: sends the envelopes of a file from a few connections and prints how long each answer took, as JSON."""

import http.client
import json
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def main(host: str, port: int, threads: int, file: Path) -> None:
    """Send everything once."""
    data, envelopes, at = file.read_bytes(), [], 0
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        envelopes.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    times: list[float] = []

    def send(mine: list[bytes]) -> int:
        connection, accepted = http.client.HTTPConnection(host, port, timeout=60), 0
        for envelope in mine:
            began = time.perf_counter()
            connection.request("POST", "/envelopes", envelope, {"Content-Type": "application/octet-stream"})
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            accepted += answer.status == 202
        return accepted

    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        accepted = sum(pool.map(send, [envelopes[n::threads] for n in range(threads)]))
    print(json.dumps({"accepted": accepted, "seconds": time.perf_counter() - began, "times": times}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))

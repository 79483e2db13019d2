"""DrillChannel: a fake for demos and drills. Codes go to a program on this machine instead of to a phone."""

import socket
from pathlib import Path

from golos.model.problem import Problem


class DrillChannel:
    """Sends each code as one datagram, ``phone code``, to the Unix socket at ``path``. Proves nothing about a phone."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    async def send(self, phone: str, code: str) -> None:
        """Hand over the code. Raises Problem ``channel.down`` if no program listens."""
        try:
            self._socket.sendto(f"{phone} {code}".encode(), self._path)
        except OSError as error:
            raise Problem(
                "channel.down", "phone", "can't be sent a code: no drill is running.", "Start the drill first."
            ) from error

"""Channel: how a code reaches a phone. Adapters for real messengers and SMS gateways have the same one method."""

import sys
from typing import Protocol

from golos.model.problem import Problem


class Channel(Protocol):
    """Carries a code to a phone, and keeps neither."""

    async def send(self, phone: str, code: str) -> None:
        """Deliver ``code`` to ``phone`` (E.164). Raises Problem ``channel.down`` where it can't be delivered now."""
        ...


class Console:
    """Shows the code on the organiser's terminal, who reads it out to the voter. Nothing reaches a file."""

    async def send(self, phone: str, code: str) -> None:
        """Print the code. Raises Problem ``channel.down`` if there is no terminal: a log would keep the number."""
        if not sys.stderr.isatty():
            raise Problem(
                "channel.down",
                "phone",
                "can't be sent a code: the console channel has no terminal to show it on.",
                "Tell the organisers; they start the server in a terminal, or choose another channel.",
            )
        print(f"Code for {phone}: {code}", file=sys.stderr)

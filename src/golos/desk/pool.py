"""Pool: a set of photographs from which one can be drawn by number, in constant time."""

from collections.abc import Iterator


class Pool:
    """The order is of no meaning: a leaving member's place is taken by the last one."""

    def __init__(self) -> None:
        self._members: list[bytes] = []
        self._places: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._members)

    def __getitem__(self, place: int) -> bytes:
        return self._members[place]

    def keep(self, member: bytes, kept: bool) -> None:
        """Add the member or take it out; no error if that is so already."""
        if kept and member not in self._places:
            self._places[member] = len(self._members)
            self._members.append(member)
        elif not kept and member in self._places:
            place, last = self._places.pop(member), self._members.pop()
            if last != member:
                self._members[place] = last
                self._places[last] = place

    def around(self, start: int) -> Iterator[bytes]:
        """Yield all members, from place ``start`` on and then from the beginning."""
        yield from self._members[start:]
        yield from self._members[:start]

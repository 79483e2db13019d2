"""What tests of several parts begin with: an election with all keys, and a process that has its store open."""

import asyncio

import pytest


@pytest.fixture(scope="session")
def election(tmp_path_factory):
    """Keys and pack of `tests.intake.world`."""
    from tests.intake.world import Election

    return Election(tmp_path_factory.mktemp("election") / "pack")


@pytest.fixture
def world(election, tmp_path):
    """A process whose server is not started: the use cases are called directly, over the real store."""
    from tests.intake.world import World

    world = World(election, tmp_path)
    asyncio.run(world.follower.start())
    yield world
    world.close()

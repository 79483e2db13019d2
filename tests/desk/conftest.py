import asyncio

import pytest
from tests.intake.world import Election, World


@pytest.fixture(scope="session")
def election(tmp_path_factory):
    return Election(tmp_path_factory.mktemp("election") / "pack")


@pytest.fixture
def world(election, tmp_path):
    """A process whose server is not started: the use cases are called directly, over the real store."""
    world = World(election, tmp_path)
    asyncio.run(world.follower.start())
    yield world
    world.close()

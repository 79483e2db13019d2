import pytest
from tests.intake.world import World, serving


@pytest.fixture
def world(election, tmp_path):
    world = World(election, tmp_path, public=tmp_path / "public")
    yield world
    world.close()


@pytest.fixture
def client(world):
    """A real server on localhost, and a client of it."""
    with serving(world) as client:
        yield client

import pytest
from tests.review.election import Whole


@pytest.fixture
def whole(tmp_path) -> Whole:
    return Whole(tmp_path / "election")

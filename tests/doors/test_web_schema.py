"""The OpenAPI document says what the server does: schemathesis sends what it allows, and what it does not."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.intake.world import World, serving

ROADS = """GET /checkpoint, GET /health, GET /receipts/{name}, GET /tile/{path}, GET /election, GET /pack/{name},
GET /totals, GET /metrics, POST /envelopes, POST /enrolment/code, POST /enrolment/token,
POST /desk/next, POST /desk/photo, POST /desk/code, POST /desk/records, POST /desk/large, POST /desk/blobs"""
EXAMPLES = 6


@schemathesis.serializer("application/cbor")
def as_it_is(_, value):
    """The generated body is the bytes to send."""
    return value if isinstance(value, bytes) else repr(value).encode()


@pytest.fixture(scope="module")
def schema(election, tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    world = World(election, folder, public=folder / "public")
    with serving(world) as client:
        yield schemathesis.openapi.from_url(f"{client.base_url}/schema/openapi.json")
    assert {len(world.records_of(kind)) for kind in ("ballot", "enrolment", "verdict")} == {0}
    world.close()


def test_the_document_names_every_road(schema):
    assert set(ROADS.replace("\n", " ").split(", ")) <= {one.ok().label for one in schema.get_all_operations()}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_every_answer_is_as_the_schema_says(schema, mode):
    """All checks: no server error; only statuses, content types and bodies that are documented; bad data refused.

    One is left out: a phone, an envelope or a tile can be of the right form and still be refused.
    """
    for operation in (one.ok() for one in schema.get_all_operations()):

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case):
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        try:
            check()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, "only what takes no input has no wrong input"

"""The small election with every key that the tests of the count write their logs with."""

import importlib.util
import sys
from pathlib import Path

HERE = Path(__file__).parents[1] / "count"


def _loaded(name, file):
    spec = importlib.util.spec_from_file_location(name, HERE / file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


if "count_support" not in sys.modules:
    _loaded("count_support", "count_support.py")
_election = _loaded("count_election", "conftest.py")
country, writer = _election.country, _election.writer

"""python -m tests.bench: measure, as ratios beside the limit."""

import sys

from tests.bench.bench import main

sys.exit(main())

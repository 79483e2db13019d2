"""Hatch build hook: a wheel carries the built voter's app. Nothing is built for an editable install.

Where there is no Node.js, or npm can't reach its registry, the wheel is made without the app and says so: everything
else of Golos works, and the door says at /app/ what is missing. GOLOS_APP_REQUIRED=1 makes that an error.
"""

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

import node


class AppHook(BuildHookInterface[Any]):
    """Builds web/ into src/golos/_app, which is no part of the repository, and puts it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files; ``version`` is "standard" or "editable"."""
        if version == "editable" or not (Path(self.root) / "web" / "package-lock.json").exists():
            return
        try:
            node.build()
        except node.Absent as absent:
            if os.environ.get("GOLOS_APP_REQUIRED"):
                raise
            self.app.display_warning(f"The wheel is made without the voter's app: {absent}")
            return
        build_data["artifacts"].append("src/golos/_app/**")

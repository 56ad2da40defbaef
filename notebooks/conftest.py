"""What nbval compares: the plain text of every output, which holds every number. HTML repeats it for the page."""

from __future__ import annotations

import pytest


def pytest_collectstart(collector: pytest.Collector) -> None:
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("text/html",)

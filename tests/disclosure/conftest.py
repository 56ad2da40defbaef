"""Made-up measures beside the real ones, so that tables of any shape can be protected."""

from __future__ import annotations

import pytest
from releases import MADE_UP

from mp_eval import tidy


@pytest.fixture(autouse=True)
def made_up_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidy, "MEASURES", MADE_UP)

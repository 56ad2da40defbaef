"""A delivery of a few rows, taken in by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from spoiling import SETTINGS, SOURCE, Take

from mp_eval import workspace as places
from mp_eval.intake import clean
from mp_eval.intake import contract as contracts
from mp_eval.intake.clean import Taken


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Takes in a delivery of these files alone, with these settings; `holding` a table that no file is called by."""

    def take_in(files: dict[str, str | bytes], settings: str = "", holding: str = "") -> Taken:
        (tmp_path / places.SETTINGS_FILE).write_text(SETTINGS + settings, encoding="utf-8")
        folder = tmp_path / "data" / "raw" / "2024"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        names = " ".join([*files, holding])
        absent = [t for t in ("inwoners", "gesprekken", "activiteiten", "trajecten") if t not in names.casefold()]
        (folder / "source.toml").write_text(SOURCE.format(str(absent).replace("'", '"')), encoding="utf-8")
        where = places.find(tmp_path)
        return clean.take_in(where, contracts.read(where), where.period("2024"))

    return take_in

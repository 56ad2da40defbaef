"""A workspace that a test may spoil: a copy of the settings and the deliveries."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mp_eval import workspace as places
from mp_eval.intake import contract as contracts
from mp_eval.intake.contract import Contract
from mp_eval.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def copy_workspace() -> Callable[[Path], Workspace]:
    """Copies evaluation.toml and data/raw to a folder, and opens it as a workspace."""

    def copy(folder: Path) -> Workspace:
        shutil.copy(ROOT / places.SETTINGS_FILE, folder)
        shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
        return places.find(folder)

    return copy


@pytest.fixture
def workspace(tmp_path: Path, copy_workspace: Callable[[Path], Workspace]) -> Workspace:
    return copy_workspace(tmp_path)


@pytest.fixture
def contract(workspace: Workspace) -> Contract:
    return contracts.read(workspace)

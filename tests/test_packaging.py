"""pyproject.toml, requirements.lock and environment.yml ask for the same; nothing names an index or a machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = {name.lower(): version for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", LOCK, re.MULTILINE)}
WANTED = [Requirement(r) for r in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]]


@pytest.mark.parametrize("wanted", WANTED, ids=lambda r: r.name)
def test_the_lock_holds_what_the_project_asks_for(wanted: Requirement) -> None:
    assert Version(LOCKED[wanted.name.lower()]) in wanted.specifier


def test_every_locked_package_has_a_hash() -> None:
    packages = re.split(r"^(?=[\w.-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in package for package in packages)


def test_the_lock_names_no_address() -> None:
    assert "://" not in LOCK
    assert "--" not in LOCK.replace("--hash=", "")


def test_the_environment_asks_for_the_projects_python_and_for_the_project() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["name"] == PROJECT["name"]
    assert environment["dependencies"] == [
        f"python{PROJECT['requires-python']}",
        "pip",
        {"pip": ["--editable ."]},
    ]


def test_the_data_dictionary_is_made_from_the_contract(workspace) -> None:  # type: ignore[no-untyped-def]
    from mp_eval.intake import contract

    committed = (ROOT / "docs" / "datawoordenboek.md").read_text(encoding="utf-8")
    assert committed == contract.dictionary(contract.read(workspace))


def test_the_changelog_knows_this_version() -> None:
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_path_that_the_readme_names_exists() -> None:
    tree = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert tree is not None
    named = [line.split()[0] for line in tree[1].splitlines() if line.strip()]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_no_committed_file_names_the_folder_it_was_made_in() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    texts = [
        ROOT / name for name in listed if name.endswith((".py", ".md", ".toml", ".yml", ".ipynb", ".json", ".lock"))
    ]
    named = [p.name for p in texts if p.is_file() and f"{ROOT.as_posix()}/" in p.read_text(encoding="utf-8")]
    assert named == []

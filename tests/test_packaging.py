"""pyproject.toml, the locks and environment.yml ask for the same; nothing names an index or a machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
RUNS = [*PROJECT["dependencies"], *PYPROJECT["dependency-groups"]["build"]]
WANTED = {
    "requirements.lock": RUNS,
    "requirements-test.lock": [*RUNS, *PROJECT["optional-dependencies"]["test"]],
    "requirements-uv.lock": PYPROJECT["dependency-groups"]["uv"],
}
LOCKS = {name: (ROOT / name).read_text(encoding="utf-8") for name in WANTED}


def packages(lock: str) -> list[str]:
    """Each package of a lock: its name, version, for which system, and its digests."""
    return re.split(r"^(?=\S)", LOCKS[lock], flags=re.MULTILINE)[1:]


def versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", LOCKS[lock], re.MULTILINE))


@pytest.mark.parametrize("lock", WANTED)
def test_a_lock_holds_what_the_project_asks_for(lock: str) -> None:
    locked = versions(lock)
    wanted = [Requirement(r) for r in WANTED[lock]]
    assert [str(r) for r in wanted if locked.get(r.name.lower(), "0") not in r.specifier] == []


def test_tests_run_with_the_very_packages_that_the_pages_are_made_with() -> None:
    runs, tests = (set(re.findall(r"^\S+==\S+", LOCKS[name], re.MULTILINE)) for name in list(WANTED)[:2])
    assert runs - tests == set()


def test_what_only_tests_need_is_not_installed_for_the_pages() -> None:
    only_tests = {Requirement(r).name for r in PROJECT["optional-dependencies"]["test"]}
    assert only_tests.isdisjoint(versions("requirements.lock"))


@pytest.mark.parametrize("lock", WANTED)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    assert [package for package in packages(lock) if "--hash=sha256:" not in package] == []


@pytest.mark.parametrize("lock", WANTED)
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in LOCKS[lock]
    assert "--" not in LOCKS[lock].replace("--hash=", "")


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
    from mp_eval.intake.dictionary import dictionary

    committed = (ROOT / "docs" / "datawoordenboek.md").read_text(encoding="utf-8")
    assert committed == dictionary(contract.read(workspace))


def test_the_changelog_knows_this_version() -> None:
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_path_that_the_readme_names_exists() -> None:
    tree = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert tree is not None
    named = [line.split()[0] for line in tree[1].splitlines() if line.strip()]
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_no_committed_file_names_a_folder_of_a_machine() -> None:
    """Neither the one that it is in now nor, after a clone, one that it was made in; tests may make one up."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kinds = (".py", ".md", ".toml", ".yml", ".ipynb", ".json", ".lock")
    paths = [ROOT / name for name in listed.split("\0") if name.endswith(kinds) and not name.startswith("tests/")]
    folder = re.compile(rf"{re.escape(ROOT.as_posix())}/|/(?:home|Users|root)/\w|[A-Z]:\\+Users\b")
    named = [p.name for p in paths if p.is_file() and folder.search(p.read_text(encoding="utf-8"))]
    assert len(paths) > 100
    assert named == []

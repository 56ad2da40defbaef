"""The set-up: uv where it is, pip wherever that does not get through, few words, and the cause when it fails."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """install.py with an environment of its own in place of `.venv`, which it may only believe to be there."""
    names = runpy.run_path(str(ROOT / "install.py"))
    main = names["main"].__globals__
    main["VENV"], main["BIN"] = tmp_path, tmp_path
    return SimpleNamespace(**names, names=main)


@pytest.fixture
def commands(install: Any) -> list[str]:
    """The commands that a set-up runs, none of which is run; one with a word of `fails` fails."""
    run: list[str] = []

    def failure(*command: str) -> str:
        run.append(" ".join(command))
        return "no way" if any(word in run[-1] for word in install.names["fails"]) else ""

    install.names |= {"failure": failure, "fails": ()}
    return run


@pytest.fixture
def has_uv(install: Any) -> Callable[[bool], None]:
    def decide(there: bool) -> None:
        install.names["which_uv"] = lambda wanted: "/there/uv" if there else ""

    return decide


def test_uv_installs_where_it_is(install: Any, commands: list[str], has_uv: Any, tmp_path: Path) -> None:
    has_uv(True)
    install.main([])
    installed = [c for c in commands if " install " in c]
    assert [c.startswith("/there/uv pip install") for c in installed] == [True, True]
    assert installed[0].endswith("--require-hashes --requirement requirements.lock")
    assert (tmp_path / ".ready").exists()


def test_without_uv_its_own_lock_is_asked_for_and_then_pip_goes_on(
    install: Any, commands: list[str], has_uv: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    has_uv(False)
    install.main(["--test"])
    assert [c.split()[-1] for c in commands if " -m pip install" in c] == [
        "requirements-uv.lock",
        "requirements-test.lock",
        ".",
    ]
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_an_empty_uv_is_a_choice_for_pip(
    install: Any, commands: list[str], has_uv: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_uv(True)
    monkeypatch.setenv("UV", "")
    install.main([])
    assert not any("uv" in c for c in commands)


def test_where_uv_does_not_get_through_pip_does(
    install: Any, commands: list[str], has_uv: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    has_uv(True)
    install.names["fails"] = ("/there/uv",)
    install.main([])
    assert "uv did not get through. pip installs it" in capsys.readouterr().out
    assert (tmp_path / ".ready").exists()


def test_a_set_up_that_fails_says_why_and_is_not_called_ready(
    install: Any, commands: list[str], has_uv: Any, tmp_path: Path
) -> None:
    (tmp_path / ".ready").touch()
    has_uv(False)
    install.names["fails"] = ("requirements.lock",)
    with pytest.raises(SystemExit, match="no way"):
        install.main([])
    assert not (tmp_path / ".ready").exists()


def test_a_broken_environment_is_made_anew(install: Any, commands: list[str], has_uv: Any) -> None:
    has_uv(True)
    install.names["fails"] = ("import pip",)
    install.main([])
    assert any("-m venv --clear" in c for c in commands)


def test_a_command_tells_nothing_unless_it_fails(install: Any, capfd: pytest.CaptureFixture[str]) -> None:
    warning = "import sys; print('WARNING: of no use'); sys.exit({})"
    assert install.failure(sys.executable, "-c", warning.format(0)) == ""
    assert install.failure(sys.executable, "-c", warning.format(1)) == "WARNING: of no use"
    assert capfd.readouterr().out == ""


def test_a_command_that_is_not_there_is_a_failure_in_words(install: Any) -> None:
    assert "no-such-command" in install.failure("no-such-command")


def test_uv_looks_where_pip_was_told_to_look(install: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex-url = file:///mirror/simple\nno-index = true\n", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    told = install.as_pip()
    assert (
        told | {"UV_DEFAULT_INDEX": "file:///mirror/simple", "UV_FIND_LINKS": "/wheels", "UV_OFFLINE": "true"} == told
    )


def test_another_word_is_refused_with_what_can_be_said(install: Any, commands: list[str]) -> None:
    with pytest.raises(SystemExit, match="--test"):
        install.main(["--tets"])
    assert commands == []

"""A browser that is on the machine prints a page: Chrome, Edge or Chromium, wherever each system has it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from ...present.wording import word
from ...steps import Refused

SECONDS = 300  # that a print may take; of sixty sheets it takes two
ON_PATH = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("microsoft-edge", "microsoft-edge-stable", "chrome", "msedge"),
)
WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
MACOS = ("Google Chrome", "Microsoft Edge", "Chromium")
FLAGS = (
    *("--headless", "--disable-gpu", "--disable-extensions", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND",  # it asks nothing of anybody
    *("--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline"),
)


def find(system: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path:
    """The first browser that is there.

    Raises
    ------
    Refused
        When there is none.
    """
    for path in _places(system, environment):
        if path.is_file():
            return path
    raise Refused(word("no_paper", "browser"))


def printed(html: str, *, program: Path, scratch: Path, seconds: float = SECONDS) -> bytes:
    """The page as a PDF.

    Raises
    ------
    Refused
        When the browser takes longer, or makes none.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="papier-", dir=scratch, ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        page, target = folder / "papier.html", folder / "papier.pdf"
        page.write_text(html, encoding="utf-8")
        # Chromium's sandbox does not work for root, who has containers of his own.
        alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        own = [f"--user-data-dir={folder / 'browser'}", f"--print-to-pdf={target}", page.as_uri()]
        _run([str(program), *FLAGS, *alone, *own], seconds)
        if not target.is_file():
            raise Refused(word("no_paper", "print").format(browser=program))
        return target.read_bytes()


def _run(command: list[str], seconds: float) -> None:
    """Run it, and end it with all that it started, whatever happens."""
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        raise Refused(word("no_paper", "print").format(browser=command[0])) from None
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Refused(word("no_paper", "long").format(browser=command[0], seconds=f"{seconds:g}")) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    with suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
    process.kill()
    process.wait()


def _places(system: str, environment: Mapping[str, str]) -> Iterator[Path]:
    yield from (Path(found) for name in ON_PATH if (found := shutil.which(name, path=environment.get("PATH"))))
    if system == "win32":
        folders = [environment[name] for name in FOLDERS if environment.get(name)]
        yield from (Path(folder, *name.split("\\")) for name in WINDOWS for folder in folders)
    if system == "darwin":
        folders = ["/", environment.get("HOME", "/")]
        yield from (
            Path(folder, "Applications", f"{name}.app", "Contents", "MacOS", name)
            for name in MACOS
            for folder in folders
        )

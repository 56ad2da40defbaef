"""What a user's machine has of its own changes no page: variables, settings files and start-up scripts of libraries."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from conftest import STAGES
from runs import notebook

from mp_eval.execute import surroundings
from mp_eval.execute.local import Local
from mp_eval.execute.notebook import Job, Limits, execute, verdict

CELLS = (
    "import locale, os, shutil, time, warnings",
    "with warnings.catch_warnings(record=True) as heard:\n    warnings.warn('x', DeprecationWarning)\nlen(heard)",
    "shutil.get_terminal_size((1, 1)), time.tzname, locale.setlocale(locale.LC_ALL, ''), __debug__",
    "import pandas as pd\npd.DataFrame({f'column {n}': [n] for n in range(40)})",
    "'begun' in globals()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nlen(plt.gcf().axes)",
)


def hostile(folder: Path) -> dict[str, str]:
    """Variables of a user with settings for everything, and the files that they name."""
    folder.mkdir()
    script = folder / "begin.py"
    script.write_text("begun = True\n", encoding="utf-8")
    rc = folder / "matplotlibrc"
    rc.write_text("lines.linewidth: 9\naxes.grid: True\n", encoding="utf-8")
    changed = dict.fromkeys(surroundings.GONE, "1")
    return {
        **changed,
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONSTARTUP": str(script),
        "MATPLOTLIBRC": str(rc),
        "PYTHONWARNINGS": "ignore",
        "JUPYTER_PATH": str(folder),
        "PYTHONDEVMODE": "",
        "PYTHONINSPECT": "",
        "LC_ALL": "POSIX",
        "LANG": "POSIX",
        "TZ": "Asia/Tokyo",
        "COLUMNS": "33",
        "LINES": "7",
        "MPLBACKEND": "svg",
    }


def told(folder: Path, engine: str) -> list[object]:
    """What each cell shows, in a process that begins in the surroundings of now."""
    path = notebook(folder / "01-proef.ipynb", *CELLS)
    job = Job(path, {}, folder / "built" / "built.ipynb", Limits(60, 120, 0), folder, engine=engine)
    with Local(at_once=1, stages=STAGES, engine=engine) as pool:
        failure = verdict(job, pool.submit(execute, job).exception())
    assert failure is None
    return [cell.get("outputs") for cell in nbformat.read(job.target, as_version=4).cells]


def test_a_notebook_shows_the_same_whatever_the_user_has_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    clean = told(tmp_path, engine)
    for name, value in hostile(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    assert told(tmp_path, engine) == clean


@pytest.mark.parametrize("name", [*surroundings.SET, *surroundings.GONE])
def test_no_variable_of_the_user_gets_through(name: str) -> None:
    assert surroundings.hold({name: "of the user"}) == surroundings.SET


def test_other_variables_are_left_alone() -> None:
    assert surroundings.hold({"HOME": "/home/a"}) == {"HOME": "/home/a", **surroundings.SET}

"""What is of a user's machine and no input of a page: set, or taken away, where notebooks and pages are made.

A page says what it was made of. Settings files, variables and start-up scripts of the libraries that it goes through
are not among that, so they may not change it. How figures are drawn is held in `present.drawing`.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib.util import find_spec
from pathlib import Path

BACKEND = "module://matplotlib_inline.backend_inline"  # as in every kernel
MATPLOTLIB = find_spec("matplotlib")
SET = {
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # arrow's own pool begins anew in every fork, and that takes long
    # Memory that was freed is kept for the next array or picture, up to 32 MB: the system takes long to give it anew.
    "MALLOC_TRIM_THRESHOLD_": str(2**25),
    "MALLOC_MMAP_THRESHOLD_": str(2**24),
    "MPLBACKEND": BACKEND,
    "MATPLOTLIBRC": str(Path(MATPLOTLIB.origin or "").parent / "mpl-data" / "matplotlibrc") if MATPLOTLIB else "",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "COLUMNS": "80",  # how wide a terminal is, by which tables as text are folded
    "LINES": "24",
    "JUPYTER_PREFER_ENV_PATH": "1",  # kernels and templates of the environment come before those of a home folder
}
GONE = (
    "LANG",
    "LANGUAGE",
    "PYTHONSTARTUP",  # a kernel runs it before the first cell
    "PYTHONWARNINGS",
    "PYTHONDEVMODE",
    "PYTHONOPTIMIZE",  # takes `assert` away
    "PYTHONINSPECT",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "SOURCE_DATE_EPOCH",  # a date for whoever writes one into a figure or a document
    "JUPYTER_PATH",  # templates and kernels that come before all others
    "PANDAS_COPY_ON_WRITE",
    "PANDAS_FUTURE_INFER_STRING",
)


def hold(environment: MutableMapping[str, str]) -> MutableMapping[str, str]:
    """Make these variables say nothing of the machine; the same mapping, changed."""
    for name in GONE:
        environment.pop(name, None)
    environment.update(SET)
    return environment

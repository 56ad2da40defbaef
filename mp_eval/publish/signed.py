"""Own notebooks in a public release: what nobody has signed for is kept out.

The notebooks that mp-eval brings show protected measures alone. What another one shows is not known: it can read the
tables of residents. So somebody reads its pages, and signs for the notebook as it was then, by the mark that a run
tells. Every change of it, or of a module beside it, asks for another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from ..digests import Digests, of
from ..workspace import Workspace

OURS = "mp-eval"  # in the metadata of a notebook that mp-eval brings: the digest of what it does
LONG = 16  # figures of a mark


def unsigned(workspace: Workspace, digests: Digests, notebooks: Iterable[Path]) -> dict[str, str]:
    """The mark of each notebook whose pages a public release is made without, by its name."""
    disclosure = workspace.settings.disclosure
    if disclosure.internal:
        return {}
    marks = {path.name: _mark(path, digests) for path in dict.fromkeys(notebooks) if not is_ours(path, digests)}
    return {name: mark for name, mark in marks.items() if disclosure.signed.get(name) != mark}


def is_ours(notebook: Path, digests: Digests) -> bool:
    """Whether it is as mp-eval brings it, cell for cell."""
    metadata = json.loads(notebook.read_text(encoding="utf-8")).get("metadata", {})
    return bool(metadata.get(OURS) == digests.notebook(notebook))


def _mark(notebook: Path, digests: Digests) -> str:
    beside = {k: v for k, v in digests.code(notebook).items() if k.startswith("code ") and "/" not in k}
    return of([digests.notebook(notebook), beside])[:LONG]

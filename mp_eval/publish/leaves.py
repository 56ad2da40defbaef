"""Which pages there are: a notebook with a parameter `period` is a chapter of every period and of all together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..digests import Digests
from ..execute import parameters
from ..periods import WHOLE
from ..workspace import Workspace


@dataclass(frozen=True, eq=False)
class Leaf:
    """One page to be made: a notebook with its parameters, and where in the site it goes."""

    notebook: Path
    period: str  # '' for all periods
    parameters: Mapping[str, object]

    @property
    def href(self) -> str:
        return f"{self.period or WHOLE}/{slug(self.notebook.stem)}.html"


def slug(stem: str) -> str:
    """The name of a notebook without its number, of which the name of its page is made.

    >>> slug("03b-eigen-vraag"), slug("vraag")
    ('eigen-vraag', 'vraag')
    """
    return stem.partition("-")[2] or stem


def workbook_of(period: str) -> str:
    """Where the workbook of a period lies in the site; its name tells of which period it is, once it is saved.

    >>> workbook_of("2024"), workbook_of("")
    ('2024/werkboek-2024.xlsx', 'alle-perioden/werkboek-alle-perioden.xlsx')
    """
    key = period or WHOLE
    return f"{key}/werkboek-{key}.xlsx"


def chapters(workspace: Workspace) -> list[Path]:
    """The notebooks in reading order: those that mp-eval brings and that the settings want, and the own ones.

    An own notebook takes the place of one with the same number; `03b` comes between 03 and 04.

    Raises
    ------
    ParameterError
        When the settings name a chapter that mp-eval does not bring.
    """
    own, bundled = _own(workspace), _bundled(workspace)
    wanted = workspace.settings.run.chapters
    if unknown := [number for number in wanted or () if _place(number) not in map(_place_of, bundled)]:
        known = ", ".join(path.stem.partition("-")[0] for path in bundled)
        raise parameters.ParameterError(f"run.chapters noemt {', '.join(unknown)}; mp-eval brengt: {known}")
    chosen = [p for p in bundled if wanted is None or _place_of(p) in map(_place, wanted)]
    taken = {_place_of(path) for path in own}
    return sorted([*own, *(p for p in chosen if _place_of(p) not in taken)], key=lambda p: (_place_of(p), p.name))


def replaced(workspace: Workspace, digests: Digests) -> dict[str, str]:
    """The own notebooks that take the place of one that mp-eval brings and do another thing, by their names."""
    bundled = {_place_of(path): path for path in _bundled(workspace)}
    pairs = [(own, bundled[_place_of(own)]) for own in _own(workspace) if _place_of(own) in bundled]
    return {own.name: other.name for own, other in pairs if digests.notebook(own) != digests.notebook(other)}


def _own(workspace: Workspace) -> list[Path]:
    """None where it is the folder of those that mp-eval brings, as in a checkout."""
    here = workspace.notebooks
    is_ours = here.exists() and here.resolve() == workspace.bundled_notebooks.resolve()
    return [] if is_ours else sorted(here.glob("[0-9]*.ipynb"))


def _bundled(workspace: Workspace) -> list[Path]:
    return sorted(workspace.bundled_notebooks.glob("[0-9]*.ipynb"))


def _place_of(notebook: Path) -> tuple[int, str]:
    return _place(notebook.stem)


def _place(name: str) -> tuple[int, str]:
    """The number with which a name begins, and the letter behind it.

    >>> _place("03-geactiveerd"), _place("3"), _place("03b-eigen-vraag"), _place("drie")
    ((3, ''), (3, ''), (3, 'b'), (0, 'drie'))
    """
    found = re.match(r"(\d+)([a-z]?)(?![a-z])", name)
    return (int(found[1]), found[2]) if found else (0, name)


def leaves(workspace: Workspace, periods: Sequence[str], given: Mapping[str, str]) -> list[Leaf]:
    """The pages of these periods and of all together, with the parameters that were typed for them.

    Raises
    ------
    ParameterError
        When a typed parameter is known to no notebook, or its value does not fit; when the settings name a chapter
        that there is not, or two notebooks would make the same page.
    """
    found: list[Leaf] = []
    used: set[str] = set()
    notebooks = chapters(workspace)
    for notebook in notebooks:
        known = parameters.defaults(notebook)
        own = {k: parameters.parse(v, known[k]) for k, v in given.items() if k in known}
        used |= own.keys()
        if "period" in known:
            found += [Leaf(notebook, p, {**own, "period": p}) for p in periods]
            found.append(Leaf(notebook, "", {**own, "period": WHOLE}))
        else:
            found.append(Leaf(notebook, "", own))
    if unknown := sorted(given.keys() - used):
        names = {n for notebook in notebooks for n in parameters.defaults(notebook)}
        raise parameters.ParameterError(f"onbekende parameter: {', '.join(unknown)}; wel: {', '.join(sorted(names))}")
    hrefs = [leaf.href for leaf in found]
    if twice := sorted({href for href in hrefs if hrefs.count(href) > 1}):
        raise parameters.ParameterError(f"twee notebooks zouden dezelfde pagina maken: {', '.join(twice)}")
    for leaf in found:
        parameters.check(leaf.notebook, leaf.parameters)
    return found

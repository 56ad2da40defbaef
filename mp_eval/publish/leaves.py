"""Which pages there are: a notebook with a parameter `period` is a chapter of every period and of all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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
    def slug(self) -> str:
        return self.notebook.stem.partition("-")[2] or self.notebook.stem

    @property
    def href(self) -> str:
        return f"{self.period or WHOLE}/{self.slug}.html"


def workbook_of(period: str) -> str:
    """Where the workbook of a period lies in the site; its name tells of which period it is, once it is saved.

    >>> workbook_of("2024"), workbook_of("")
    ('2024/werkboek-2024.xlsx', 'alle-perioden/werkboek-alle-perioden.xlsx')
    """
    key = period or WHOLE
    return f"{key}/werkboek-{key}.xlsx"


def leaves(workspace: Workspace, periods: Sequence[str], given: Mapping[str, str]) -> list[Leaf]:
    """The pages of these periods and of all together, with the parameters that were typed for them.

    Raises
    ------
    ParameterError
        When a typed parameter is known to no notebook, or its value does not fit.
    """
    found: list[Leaf] = []
    used: set[str] = set()
    notebooks = sorted(workspace.notebooks.glob("[0-9]*.ipynb"))
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

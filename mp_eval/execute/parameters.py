"""A notebook's parameters: known before a kernel starts, so that a misspelt one never runs with the default.

papermill itself only warns of an unknown parameter and takes any type.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Mapping
from pathlib import Path

KINDS = {
    str: "een tekst",
    bool: "ja of nee",
    int: "een geheel getal zonder punten",
    float: "een getal zonder punten voor duizendtallen",
}
WHOLE = re.compile(r"[+-]?[0-9]+")
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")


class ParameterError(ValueError):
    """A parameter that the notebook does not have, or a value of the wrong type; the message names each."""


def defaults(notebook: Path) -> dict[str, object]:
    """The notebook's parameters with their default values, as written in the cell tagged `parameters`.

    Raises
    ------
    ParameterError
        When it is no notebook, or a default is no plain value; then with the cell, as its reader counts.
    """
    return {name: value for name, (value, _) in _read(notebook).items()}


def _read(notebook: Path) -> dict[str, tuple[object, int]]:
    """Of each parameter its default and the number of its cell."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [(n, c) for n, c in enumerate(cells, 1) if "parameters" in c.get("metadata", {}).get("tags", ())][:1]
        lines = [(n, line) for n, c in tagged for line in ast.parse("".join(c["source"])).body]
    except (KeyError, TypeError, AttributeError, ValueError, SyntaxError) as error:
        raise ParameterError(f"{notebook.name} is geen leesbaar notebook met vaste parameters: {error}") from None
    found: dict[str, tuple[object, int]] = {}
    for number, line in lines:
        if not isinstance(line, ast.Assign | ast.AnnAssign | ast.AugAssign) or line.value is None:
            continue
        targets = line.targets if isinstance(line, ast.Assign) else [line.target]
        try:
            if isinstance(line, ast.AugAssign) or not all(isinstance(t, ast.Name) for t in targets):
                raise ValueError
            found.update({t.id: (ast.literal_eval(line.value), number) for t in targets if isinstance(t, ast.Name)})
        except (ValueError, TypeError):
            raise ParameterError(
                f"{notebook.name}: cel {number} (‘{ast.unparse(line)}’) rekent een parameter uit. Een parameter is een "
                'naam met een vaste waarde, zoals period = "2024"; zet wat eruit volgt in een cel daaronder'
            ) from None
    return found


def check(notebook: Path, given: Mapping[str, object]) -> None:
    """Refuse what the notebook would not understand.

    Raises
    ------
    ParameterError
        With every unknown name and every value whose type is not the default's.
    """
    known = _read(notebook)
    wrong = []
    for name, value in given.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"; bedoeld is misschien ‘{close[0]}’" if close else ""
            wrong.append(f"{notebook.name} kent geen parameter ‘{name}’{hint}; wel: {', '.join(known) or 'geen'}")
            continue
        default, number = known[name]
        if type(value) is type(default):
            continue
        told = f"{notebook.name}: parameter ‘{name}’ (cel {number})"
        if type(default) in KINDS:
            wrong.append(f"{told} moet {KINDS[type(default)]} zijn, zoals {default!r}; dit is {value!r}")
        else:
            wrong.append(
                f"{told} is {default!r} en kan niet worden gegeven, want niet te zien is wat {value!r} dan moet zijn; "
                "geef haar in het notebook een tekst, een getal of True of False als waarde"
            )
    if wrong:
        raise ParameterError("\n".join(wrong))


def parse(text: str, default: object) -> object:
    """A value typed on the command line, read as the default's type; text that does not fit stays text.

    A point before three digits may mean thousands, so 1.000 is not read as a number.

    >>> parse("007", "2024"), parse("2", 1), parse("2,5", 1.0), parse("nee", True), parse("x", 1), parse("1.000", 1.0)
    ('007', 2, 2.5, False, 'x', '1.000')
    """
    if isinstance(default, bool):
        return {"ja": True, "true": True, "nee": False, "false": False}.get(text.casefold(), text)
    if isinstance(default, int) and WHOLE.fullmatch(text):
        return int(text)
    if isinstance(default, float) and NUMBER.fullmatch(text) and not THOUSANDS.fullmatch(text):
        return float(text.replace(",", "."))
    return text

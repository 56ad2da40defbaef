"""A notebook's parameters: known before a kernel starts, so that a misspelt one never runs with the default.

papermill itself only warns of an unknown parameter and takes any type.
"""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Mapping
from pathlib import Path


class ParameterError(ValueError):
    """A parameter that the notebook does not have, or a value of the wrong type; the message names each."""


def defaults(notebook: Path) -> dict[str, object]:
    """The notebook's parameters with their default values, as written in the cell tagged `parameters`.

    Raises
    ------
    ParameterError
        When it is no notebook, or a default is no plain value.
    """
    try:
        return _defaults(notebook)
    except (KeyError, TypeError, AttributeError, ValueError, SyntaxError) as error:
        raise ParameterError(f"{notebook.name} is geen leesbaar notebook met vaste parameters: {error}") from None


def _defaults(notebook: Path) -> dict[str, object]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [c for c in cells if "parameters" in c.get("metadata", {}).get("tags", ())]
    lines = ast.parse("".join("".join(c["source"]) + "\n" for c in tagged[:1])).body
    found: dict[str, object] = {}
    for line in lines:
        if isinstance(line, (ast.Assign, ast.AnnAssign)) and line.value is not None:
            targets = line.targets if isinstance(line, ast.Assign) else [line.target]
            found.update({t.id: ast.literal_eval(line.value) for t in targets if isinstance(t, ast.Name)})
    return found


def check(notebook: Path, given: Mapping[str, object]) -> None:
    """Refuse what the notebook would not understand.

    Raises
    ------
    ParameterError
        With every unknown name and every value whose type is not the default's.
    """
    known = defaults(notebook)
    wrong = []
    for name, value in given.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"; bedoeld is misschien ‘{close[0]}’" if close else ""
            wrong.append(f"{notebook.name} kent geen parameter ‘{name}’{hint}; wel: {', '.join(known) or 'geen'}")
        elif type(value) is not type(known[name]):
            expected = f"{_kind(known[name])} zijn, zoals {known[name]!r}"
            wrong.append(f"{notebook.name}: parameter ‘{name}’ moet {expected}; dit is {value!r}")
    if wrong:
        raise ParameterError("\n".join(wrong))


def parse(text: str, default: object) -> object:
    """A value typed on the command line, read as the default's type; text that does not fit stays text.

    >>> parse("007", "2024"), parse("2", 1), parse("2,5", 1.0), parse("nee", True), parse("x", 1)
    ('007', 2, 2.5, False, 'x')
    """
    try:
        if isinstance(default, bool):
            return {"ja": True, "true": True, "nee": False, "false": False}[text.casefold()]
        if isinstance(default, int):
            return int(text)
        if isinstance(default, float):
            return float(text.replace(",", "."))
    except (ValueError, KeyError):
        pass
    return text


def _kind(value: object) -> str:
    kinds = {str: "een tekst", bool: "ja of nee", int: "een geheel getal", float: "een getal"}
    return kinds.get(type(value), type(value).__name__)

"""Which measures a cell shows: those that are named in what it calls.

A notebook's cell calls a function of ours, which names its measures, or calls another that does. So they are read from
the code as it was compiled, without running it, and no output needs to carry them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from types import CodeType, FunctionType, ModuleType

from ..tidy import MEASURES

OURS = "mp_eval"
PRESENT = f"{OURS}.present"  # whose functions name what they show; below it is counted, above it laid out
SHAPES = tuple(f"{PRESENT}.{name}" for name in ("elements", "wording", "drawing"))  # what they are shown by
# A word that also names a way to divide says nothing of which measure is divided so.
MEANT = MEASURES.keys() - {side for m in MEASURES.values() for name in m.breakdowns for side in name.split(">")}


def measures(sources: Sequence[str], imported: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """The measures of these cells in the order in which they are met; `imported` are the notebook's `imports`.

    >>> names = imports(["from mp_eval.present.chapters import ladder"])
    >>> measures(["ladder.directions(evaluation, period)"], names)[0]
    'ladder_moves'
    """
    names = tuple(imported.items())
    return tuple(dict.fromkeys(measure for source in sources for measure in _of_cell(source, names)))


@cache
def _of_cell(source: str, names: tuple[tuple[str, tuple[str, str]], ...]) -> tuple[str, ...]:
    """A chapter is that of several periods, and its cells are mostly the same."""
    known = {name: _imported(*where) for name, where in names}
    lines = [line for line in _parsed(source).body if not isinstance(line, ast.Import | ast.ImportFrom)]
    return tuple(_named(compile(ast.Module(lines, []), "cell", "exec"), known, set()))


def imports(sources: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What a notebook imports of ours, by the name that it gives it: the module, and its name there.

    No other import is followed.

    >>> imports(["import os", "from mp_eval.present import tables as t"])
    {'t': ('mp_eval.present', 'tables')}
    """
    found: dict[str, tuple[str, str]] = {}
    for node in (node for source in sources for node in ast.walk(_parsed(source))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == OURS and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = node.module or "", alias.name
    return found


def _parsed(source: str) -> ast.Module:
    """A cell of what is no plain Python (`%time`, `!ls`) names nothing."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _imported(module: str, name: str) -> object:
    try:
        return getattr(import_module(module), name, None) or import_module(f"{module}.{name}")
    except ImportError:
        return None


def _named(code: CodeType, known: Mapping[str, object], seen: set[CodeType]) -> Iterator[str]:
    if code in seen:
        return
    seen.add(code)
    used = [known[name] for name in code.co_names if name in known]
    used += [
        getattr(m, name, None)
        for m in used
        if isinstance(m, ModuleType) and _names(m.__name__)
        for name in code.co_names
    ]
    for const in (*code.co_consts, *used):
        if isinstance(const, CodeType):
            yield from _named(const, known, seen)
        elif isinstance(const, FunctionType) and _names(const.__module__):
            yield from _named(_unwrapped(const).__code__, const.__globals__, seen)
        elif isinstance(const, type) and _names(const.__module__):
            for method in filter(lambda m: isinstance(m, FunctionType), vars(const).values()):
                yield from _named(method.__code__, method.__globals__, seen)
        else:
            yield from _texts(const)


def _names(module: str) -> bool:
    """Whether the functions of this module may name what they show."""
    return module.startswith(PRESENT) and not module.startswith(SHAPES)


def _unwrapped(function: FunctionType) -> FunctionType:
    return getattr(function, "__wrapped__", function)


def _texts(value: object) -> Iterator[str]:
    """The names of measures in a constant."""
    if isinstance(value, str):
        yield from (value,) if value in MEANT else ()
    elif isinstance(value, tuple | list | frozenset | dict):
        for part in sorted(value, key=repr) if isinstance(value, frozenset) else value:
            yield from _texts(part)

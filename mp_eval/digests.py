"""What a step is made of, as digests: files, the code it uses, and the packages that this code uses.

Nothing heavy is imported here, because a run with nothing to do must know it at once. What was digested before is
remembered by a file's size and times, as git's index does, and only read again when those differ.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent
NAME = PACKAGE.name
RECENT = 2 * 10**9  # nanoseconds: a file this young may change again without its times telling
_SHARED: dict[str, dict[str, Any]] = {}  # what is known of our own code, for all workspaces of this process
MAGIC = re.compile(r"\s*([%!?]|[\w., ]+=\s*[%!])")
RUN = re.compile(r"(\s*)%run\s+(?:-\w+\s+)*(\w+)(?:\.py)?\b.*")
DATA = {".toml", ".j2", ".css", ".json"}  # what a folder of code holds besides modules


class Digests:
    """Digests of files and code, remembered in `memory` between runs; without it everything is read again."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._kept: dict[str, Any] = _remembered(memory)
        self._files: dict[str, dict[str, Any]] = self._kept.setdefault("files", {})
        self._code: dict[tuple[str, ...], dict[str, str]] = {}
        self._leads: dict[str | Path, tuple[set[Path], set[str], list[str | Path]]] = {}
        self._data: dict[Path, list[Path]] = {}
        self._sure: dict[str, dict[str, Any]] = {}
        self._is_changed = False

    def file(self, path: Path) -> str:
        """The sha256 of a file's bytes; '' when there is no such file."""
        return str(self._about(path).get("sha256", ""))

    def notebook(self, path: Path) -> str:
        """The digest of what a notebook does: its cells and settings, not what was seen when it last ran."""
        return str(self._derived(path, "does", _does))

    def module(self, path: Path) -> str:
        """The digest of what a module of Python does: a comment, a blank line or another layout does not change it."""
        return str((self._derived(path, "module", _module) or {}).get("does", ""))

    def imports(self, path: Path) -> list[str]:
        """The absolute names that a module or a notebook imports, wherever in it."""
        if path.suffix == ".py":
            return list((self._derived(path, "module", _module) or {}).get("imports", ()))
        return list(self._derived(path, "imports", _imports_of_notebook) or ())

    def code(self, *starts: str | Path, without: Iterable[str] = ()) -> dict[str, str]:
        """All code that these modules and notebooks lead to, and the packages it uses: label -> digest or version.

        Imports inside a function count too. `without` names modules whose work is a step of its own. A folder of
        code counts with the data in it, such as words and templates. Of a module it counts what it does, of data
        every byte.

        >>> found = Digests(Path("nowhere")).code("mp_eval.faults")
        >>> [label for label in found if label.startswith("code")]
        ['code mp_eval/__init__.py', 'code mp_eval/faults.py']
        """
        found: list[str | Path] = []
        for start in starts:  # notebooks that import the same lead to the same
            if isinstance(start, Path) and start.suffix == ".ipynb":
                found += [_beside(name, start.parent) for name in self.imports(start)]
            else:
                found.append(start)
        key = (*sorted(map(str, found)), "", *sorted(without))
        if key not in self._code:
            files, packages = self._follow(found, frozenset(without))
            labelled: dict[str, list[str]] = {}
            for path in sorted(files):  # beside a notebook two files may have one name
                does = self.module(path) if path.suffix == ".py" else self.file(path)
                labelled.setdefault(f"code {_label(path)}", []).append(does)
            code = {label: does[0] if len(does) == 1 else of(does) for label, does in sorted(labelled.items())}
            self._code[key] = {**code, **self._versions(packages)}
        return self._code[key]

    @property
    def seen(self) -> dict[str, list[int]]:
        """The `state` of every file that was asked for, as it was then."""
        return {name: known["times"] for name, known in self._sure.items()}

    def is_another(self, paths: Iterable[Path]) -> bool:
        """Whether one of these files is remembered with another size or other times; none is opened."""
        return any(known["times"] != state(name) for name in map(str, paths) if (known := self._files.get(name)))

    def forget(self) -> None:
        """Look again at every file: something has been made."""
        self._sure.clear()

    def save(self) -> None:
        """Keep what was digested for the next run, which finds the old memory or the new one, never a part."""
        if not self._is_changed:
            return
        fresh = self._memory.with_name(f".{self._memory.name}.{os.getpid()}.new")
        try:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(self._kept), encoding="utf-8")
            fresh.replace(self._memory)
        except OSError:  # no memory is no fault: the next run reads again
            fresh.unlink(missing_ok=True)

    def _about(self, path: Path) -> dict[str, Any]:
        """What is known of a file's present bytes, read when its size or times differ from what is remembered."""
        name = str(path)
        if name in self._sure:
            return self._sure[name]
        times = state(name)
        if not times:
            return {}
        known = self._files.get(name) or _SHARED.get(name, {})
        if known.get("times") != times:
            known = {"times": times, "sha256": sha256(path)}
        if time.time_ns() - max(times[1:3]) > RECENT and self._files.get(name) is not known:
            self._files[name] = known
            self._is_changed = True
            if path.is_relative_to(PACKAGE):
                _SHARED[name] = known
        self._sure[name] = known
        return known

    def _derived(self, path: Path, name: str, derive: Any) -> Any:
        found = self._about(path)
        if found and name not in found:
            found[name] = derive(path)
            self._is_changed = True
        return found.get(name)

    def _follow(self, starts: Iterable[str | Path], without: frozenset[str]) -> tuple[set[Path], set[str]]:
        """The files of our own, and the names of what is not ours, that `starts` import, directly or not."""
        files: set[Path] = set()
        packages: set[str] = set()
        waiting, seen = list(starts), set(without)
        while waiting:
            start = waiting.pop()
            if str(start) in seen:
                continue
            seen.add(str(start))
            if start not in self._leads:
                self._leads[start] = self._lead(start)
            found, package, further = self._leads[start]
            files |= found
            packages |= package
            waiting += further
        return files, packages - set(sys.stdlib_module_names)

    def _lead(self, start: str | Path) -> tuple[set[Path], set[str], list[str | Path]]:
        """The files of a module or a notebook, the package that it is of when it is not ours, and what it imports."""
        if isinstance(start, Path):
            found, beside = [start, *_below(start)], start.parent
        else:
            found, beside = list(_files(start)), PACKAGE.parent
        package = set() if found else {str(start).partition(".")[0]}
        imported = {name for path in found if path.suffix == ".py" for name in self.imports(path)}
        data = {beside for path in found for beside in self._data_of(path)}
        return {*found, *data}, package, [_beside(name, beside) for name in sorted(imported)]

    def _data_of(self, path: Path) -> list[Path]:
        if path not in self._data:
            self._data[path] = _data(path)
        return self._data[path]

    def _versions(self, names: Iterable[str]) -> dict[str, str]:
        """The versions of the packages that hold these modules and of all they need, and Python's own.

        Looked up anew only when a package has come, gone or changed.
        """
        found = installed()
        if self._kept.get("installed") != found:
            self._kept.update(installed=found, needs={})
            self._is_changed = True
        needs = self._kept["needs"]
        key = " ".join(sorted(names))
        if key not in needs:
            needs[key] = _needed(key.split())
            self._is_changed = True
        return {"Python": sys.version, **needs[key]}


def of(content: object) -> str:
    """The digest of anything that JSON can write; the order of keys does not count.

    >>> of({"a": 1, "b": 2}) == of({"b": 2, "a": 1}) != of({"a": 1, "b": 3})
    True
    """
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def sha256(path: Path) -> str:
    """The sha256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def state(path: str) -> list[int]:
    """What tells whether a file or a folder is the same: its size, its times and its number; empty without one."""
    try:
        found = os.stat(path)  # noqa: PTH116  # of hundreds of names in a run that has nothing to do
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _remembered(memory: Path) -> dict[str, Any]:
    try:
        kept = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _does(path: Path) -> str:
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content.get("cells", ()):
        for seen in ("outputs", "execution_count"):
            cell.pop(seen, None)
        cell.get("metadata", {}).pop("execution", None)
    content.get("metadata", {}).pop("mp-eval", None)  # this digest, where mp-eval brings the notebook
    return of(content)


def _module(path: Path) -> dict[str, Any]:
    """What a module imports, and the digest of what it does; of one that is no Python, of its bytes."""
    text = path.read_text(encoding="utf-8")
    try:
        module = ast.parse(text)
    except SyntaxError:
        return {"imports": _imports(_parsed(text), path), "does": sha256(path)}
    return {"imports": _imports(module.body, path), "does": hashlib.sha256(ast.dump(module).encode()).hexdigest()}


def _imports_of_notebook(path: Path) -> list[str]:
    sources = _sources(path.read_text(encoding="utf-8"))
    return _imports([node for source in sources for node in _parsed(source)], path)


def _imports(body: Iterable[ast.stmt], path: Path) -> list[str]:
    """The absolute names imported; of `from a import b` both `a` and `a.b`, because b may be a module."""
    package = ".".join(_label(path).split("/")[:-1])
    found: set[str] = set()
    for node in _statements(body):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            start = ".".join([*base, *filter(None, [node.module])])
            found.update((start, *(f"{start}.{alias.name}" for alias in node.names)))
    return sorted(found)


def _parsed(source: str) -> list[ast.stmt]:
    """The statements of a source; of one that is no Python, of as many of its lines as are."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        found = []
        for line in source.splitlines():
            with suppress(SyntaxError):
                found += ast.parse(line.strip()).body
        return found


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement, wherever in another; an import is in no expression."""
    for node in body:
        yield node
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _statements(getattr(node, field, ()))


def _sources(text: str) -> Iterator[str]:
    """The code cells of a notebook as Python: lines that only IPython understands are left out, or become an import."""
    for cell in json.loads(text).get("cells", ()):
        if cell.get("cell_type") == "code":
            lines = "".join(cell["source"]).splitlines()
            kept = [RUN.sub(r"\1import \2", line) if RUN.match(line) else line for line in lines]
            yield "\n".join("" if MAGIC.match(line) else line for line in kept)


def _files(module: str) -> Iterator[Path]:
    """The files of a module of ours: its own and those of the packages it lies in; none when it is not ours."""
    if module.partition(".")[0] != NAME:
        return
    place = PACKAGE.parent
    for part in module.split("."):
        place = place / part
        if (place / "__init__.py").is_file():
            yield place / "__init__.py"
        elif place.with_suffix(".py").is_file():
            yield place.with_suffix(".py")
            return
        else:
            return


def _below(path: Path) -> list[Path]:
    """All other modules of a package that lies beside a notebook."""
    is_package = path.name == "__init__.py" and not path.is_relative_to(PACKAGE)
    return sorted(p for p in path.parent.rglob("*.py") if p != path) if is_package else []


def _data(path: Path) -> list[Path]:
    """The data that goes with a package: what lies in its folder or below, up to where another package begins."""
    if path.name != "__init__.py" or path.parent == PACKAGE:
        return []
    found = (p for p in path.parent.rglob("*") if p.suffix in DATA and p.is_file())
    return sorted(p for p in found if _package(p) == path.parent)


def _package(path: Path) -> Path:
    return next(folder for folder in path.parents if (folder / "__init__.py").is_file())


def _beside(name: str, folder: Path) -> str | Path:
    """A module or package that lies beside a notebook is a file of its own; any other goes by its name."""
    first = name.partition(".")[0]
    if folder != PACKAGE.parent:
        for path in (folder / f"{first}.py", folder / first / "__init__.py"):
            if path.is_file():
                return path
    return name


def _label(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix() if path.is_relative_to(PACKAGE) else path.name


def installed() -> list[str]:
    """Every installed package with its version, as the folders that say so: no file is opened."""
    found: list[str] = []
    for place in dict.fromkeys(sys.path):
        try:
            with os.scandir(place or ".") as entries:
                found += sorted(e.path for e in entries if e.name.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
    return found


def _needed(modules: Iterable[str]) -> dict[str, str]:
    """The packages that hold these modules, and all that they need: label -> version."""
    folders: dict[str, Path] = {}  # the first of a name is the one that is imported
    for path in map(Path, installed()):
        folders.setdefault(_name(path.stem.partition("-")[0]), path)
    waiting = [name for module in modules for name in _holders(module, folders)]
    found: dict[str, str] = {}
    while waiting:
        name = _name(waiting.pop())
        if name == _name(NAME) or f"pakket {name}" in found or name not in folders:
            continue  # not there: needed on another system, or for an extra
        version, needs = _told(folders[name])
        found[f"pakket {name}"] = version
        waiting += needs
    return dict(sorted(found.items()))


def _holders(module: str, folders: Mapping[str, Path]) -> list[str]:
    """The packages that hold a module: mostly the one of its own name, else the one that says so."""
    if (name := _name(module)) in folders:
        return [name]
    named = [n for n, path in folders.items() if module in _lines(path / "top_level.txt")]
    return named or _all_holders().get(module, [])


@cache
def _all_holders() -> Mapping[str, list[str]]:
    """The packages that hold each module; slow, so only when nothing else knows."""
    from importlib import metadata

    return metadata.packages_distributions()


def _told(folder: Path) -> tuple[str, list[str]]:
    """What a package says of itself: its version and what it needs whatever is asked of it."""
    version, needs = "", []
    for line in _lines(folder / "METADATA") or _lines(folder / "PKG-INFO"):
        if not line:
            break  # what follows is its description
        if line.startswith("Version:"):
            version = line.partition(":")[2].strip()
        elif (match := re.match(r"Requires-Dist:\s*([\w.-]+)", line)) and "extra ==" not in line:
            needs.append(match[1])
    return version, needs


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []


def _name(package: str) -> str:
    """A package's name in the one way that all its spellings share."""
    return re.sub(r"[-_.]+", "-", package).lower()

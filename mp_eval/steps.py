"""A step of a run: what it is made of, whether its result still holds, and if not, why.

A step's record lies beside its result: the digests of all that went in, and the digest of what came out. A step runs
again when any of these differ, and what follows it only when its result did. Nothing heavy is imported here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .digests import Digests, sha256

SHOWN = 3  # reasons in a sentence
FRESH = ".new"  # how the name of a file ends that is being written; what a crash left of it may go


@dataclass(frozen=True, eq=False)
class Step:
    """One piece of work with a result that is kept.

    Attributes
    ----------
    name
        In words: `levering 2024`.
    result
        The file that following steps depend on. Its record lies beside it, and names all files that were made.
    inputs
        All that the result depends on: what it is, in words, and its digest.
    after
        The names of steps that must run first; then it is not known yet whether this one has to.
    """

    name: str
    result: Path
    inputs: Mapping[str, str]
    after: tuple[str, ...] = ()

    @property
    def record(self) -> Path:
        return self.result.with_name(f"{self.result.name}.step")

    @cached_property
    def kept(self) -> Mapping[str, Mapping[str, str]]:
        """What the record says, `inputs` and `results`; empty when there is none."""
        try:
            found = json.loads(self.record.read_text(encoding="utf-8"))
            return {"inputs": dict(found["inputs"]), "results": dict(found["results"])}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def reason(self, digests: Digests) -> str:
        """Why it has to run, in words; '' when its result holds."""
        if self.after:
            return f"volgt op {listed(self.after)}"
        if not self.kept:
            return "is nog niet gemaakt"
        before = self.kept["inputs"]
        labels = [*self.inputs, *(label for label in before if label not in self.inputs)]
        if changes := [change for label in labels if (change := _change(label, before, self.inputs))]:
            return listed(changes)
        made = self.kept["results"].items()
        lost = [name for name, digest in made if digests.file(self.result.with_name(name)) != digest]
        return f"{listed(lost)} is weg of veranderd" if lost else ""

    def done(self, *also: Path) -> None:
        """Note that the result, and what was made with it, came of these inputs. The last thing that a step does."""
        results = {path.name: sha256(path) for path in (self.result, *also)}
        content = {"inputs": dict(self.inputs), "results": results}
        write(self.record, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


class Refused(Exception):
    """What a step made may not be kept; the message has a line for each reason."""


def write(path: Path, content: str | bytes) -> None:
    """Write beside and move: a reader finds the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}{FRESH}")
    try:
        fresh.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def listed(found: Sequence[str]) -> str:
    """A few of these, and how many more.

    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a, b', 'a, b, c en nog 2')
    """
    more = f" en nog {len(found) - SHOWN}" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def _change(label: str, before: Mapping[str, str], now: Mapping[str, str]) -> str:
    if before.get(label) == now.get(label):
        return ""
    if label not in before or label not in now:
        return f"{label} is {'nieuw' if label not in before else 'weg'}"
    if label.startswith("pakket"):
        return f"{label} was {before[label]} en is {now[label]}"
    return f"{label} is veranderd"

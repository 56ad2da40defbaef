"""What the note to the council says that no record holds: facts that are asked once, from `data/raw/notitie.toml`.

Where a fact is not there, the note has a place to fill in. A number of residents is refused: the note computes and
protects those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from . import strict
from .faults import Reason
from .strict import Tell
from .workspace import Workspace

PEOPLE = re.compile(r"\d\s+(?:\w+\s+)?(?:inwoner|mens|cliënt|klant|persoon|personen|deelnemer)", re.IGNORECASE)


@dataclass(frozen=True)
class Earlier:
    """A report that the council had before."""

    title: str
    date: date
    number: str = ""


@dataclass(frozen=True)
class Decision:
    """What was decided, and by what (`about`)."""

    what: str
    date: date | None = None
    about: str = ""


@dataclass(frozen=True)
class Letter:
    """What stands above the note each year: to whom it goes and from whom, where not from the executive to the council.

    `template` is a Word document of the municipality's own in the workspace, with its head, foot and styles.
    """

    to: str = ""
    sender: str = ""
    template: str = ""


@dataclass(frozen=True)
class Sent:
    """Under which day and number the note about a period is sent."""

    date: date
    number: str = ""


@dataclass(frozen=True)
class Facts:
    """What holds each year, and under `why`, `proposal` and `sent` what holds of one period, by its name.

    Attributes
    ----------
    steps
        Of which the programme consists.
    conversation, activities, trajectories, outflow, caseload, client_picture, future
        Sentences at the end of that section of the note.
    reports, decisions, funding
        Earlier reports; on what the programme rests; what was decided about its money.
    why, proposal
        Why the results are as they are; what the council is asked.
    letter, sent
        What stands above the note.
    """

    steps: tuple[str, ...] = ()
    conversation: str = ""
    activities: str = ""
    trajectories: str = ""
    outflow: str = ""
    caseload: str = ""
    client_picture: str = ""
    future: str = ""
    reports: tuple[Earlier, ...] = ()
    decisions: tuple[Decision, ...] = ()
    funding: tuple[Decision, ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    proposal: Mapping[str, str] = field(default_factory=dict)
    letter: Letter = Letter()
    sent: Mapping[str, Sent] = field(default_factory=dict)


NONE = Facts()


def read(workspace: Workspace) -> Facts:
    """The facts; none of them when there is no file.

    Raises
    ------
    FaultsFound
        With every unknown name, wrong type, period or template that there is not, and number of residents.
    """
    path = workspace.facts
    if not path.is_file():
        return NONE
    known = [p.id for p in workspace.every_period]

    def check(found: Facts, fault: Tell) -> None:
        for key, text in _texts(found):
            if PEOPLE.search(text):
                fault(key, text, "een tekst zonder aantallen inwoners: die rekent de notitie zelf uit")
        template = (found.letter or Letter()).template
        if template and not (workspace.root / template).is_file():
            fault("letter.template", template, "een Word-bestand in de werkmap, naast evaluation.toml")
        for name in ("why", "proposal", "sent"):
            for period in (getattr(found, name) or {}).keys() - set(known):
                fault(f"{name}.{period}", period, f"een van de perioden: {', '.join(known)}")

    return strict.read(path, Facts, file=workspace.relative(path), reason=Reason.FACTS, check=check)


def _texts(found: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text with the name of its setting."""
    if isinstance(found, str):
        yield place, found
    elif isinstance(found, tuple):
        for n, item in enumerate(found, 1):
            yield from _texts(item, f"{place}[{n}]")
    elif isinstance(found, Mapping):
        for key, item in found.items():
            yield from _texts(item, f"{place}.{key}")
    elif isinstance(found, Facts | Earlier | Decision | Letter | Sent):
        for each in fields(found):
            yield from _texts(getattr(found, each.name), f"{place}.{each.name}".lstrip("."))

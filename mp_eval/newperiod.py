"""A new period: its lines in evaluation.toml and a folder for its delivery, both or neither."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from .faults import Fault, FaultsFound
from .intake.source_note import NOTE
from .periods import Period
from .workspace import SETTINGS_FILE, Workspace, settings_from


class NewPeriodError(ValueError):
    """The period cannot be added; the message (Dutch) says why."""


def add(workspace: Workspace, name: str, start: date, end: date) -> Period:
    """Append the period to the settings, which keep their comments, and prepare its folder.

    The source note starts with what can be guessed: records up to the period's end, or to today when that is
    earlier. Events after that day are a fault, so a wrong guess does not go unnoticed.

    Raises
    ------
    NewPeriodError
        When the name is taken or not a name, or the days are no period.
    """
    path = workspace.root / SETTINGS_FILE
    text = path.read_text(encoding="utf-8-sig").rstrip("\n")
    fresh = f"{text}\n\n{lines(name, start, end)}"
    try:
        settings_from(fresh)
    except FaultsFound as error:
        raise NewPeriodError(refused(error.faults)) from None
    folder = workspace.raw / name
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / NOTE
    if not note.exists():
        note.write_text(_note(workspace, min(end, date.today())), encoding="utf-8", newline="\n")
    path.write_text(fresh, encoding="utf-8", newline="\n")
    return Period(start, end, name)


def lines(name: str, start: date, end: date) -> str:
    """A period as the settings hold it."""
    return f"[[periods]]\nid = {json.dumps(name)}\nstart = {start}\nend = {end}\n"


def refused(faults: Iterable[Fault]) -> str:
    """Why a period that was asked for cannot be: what was given, and what it should be; not where settings go wrong.

    >>> from mp_eval.faults import Reason
    >>> refused([Fault(Reason.SETTINGS, SETTINGS_FILE, column="periods[2].id", found=("2024!",), expected="een naam")])
    'id ‘2024!’: geef een naam'
    """
    told = [(fault.column.rpartition(".")[2], *fault.found, fault.expected) for fault in faults]
    return "; ".join(f"{name} ‘{found}’: geef {expected}" for name, found, expected in told)


def _note(workspace: Workspace, extracted: date) -> str:
    return (
        "# Bronvermelding van deze levering. Kijk elke regel na.\n"
        f'producer = "Gemeente {workspace.settings.municipality.name}"  # wie de bestanden leverde\n'
        f"extracted = {extracted}  # de dag van de uitdraai; gebeurtenissen van daarna zijn een fout\n"
        "synthetic = false  # true alleen bij verzonnen gegevens\n"
        "# received = 2026-01-31  # de dag waarop de bestanden zijn ontvangen\n"
        '# not_delivered = ["trajecten"]  # gegevens die er niet zijn; hun hoofdstuk zegt dat dan\n'
        "# whole_from = 2015-01-01  # vanaf deze dag staat iedereen in het uitkeringenbestand, ook wie al weg is\n"
        '# note = ""  # wat een lezer van de pagina moet weten\n'
    )

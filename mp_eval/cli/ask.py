"""What every command asks and tells: the workspace, its periods, what is wrong with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from ..faults import Fault
    from ..publish.leaves import Leaf
    from ..workspace import Workspace

FORMS = {r"\d{4}-\d\d?-\d\d?": "%Y-%m-%d", r"\d\d?-\d\d?-\d{4}": "%d-%m-%Y"}


class Day(click.ParamType):
    """A day, as 2025-01-31 or 31-01-2025."""

    name = "dag"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from ..workspace import FIRST_YEAR, LAST_YEAR

        if isinstance(value, date):
            return value
        form = next((form for pattern, form in FORMS.items() if re.fullmatch(pattern, value.strip())), None)
        if form is None:
            self.fail(f"‘{value[:20]}’: schrijf een dag als 2025-01-31 of 31-01-2025", param, ctx)
        try:
            day = datetime.strptime(value.strip(), form).date()
        except ValueError:
            self.fail(f"‘{value}’: deze dag bestaat niet", param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail(f"‘{value}’: een dag van {FIRST_YEAR} tot en met {LAST_YEAR}", param, ctx)
        return day


DAY = Day()


def workspace_option(command: Any) -> Any:
    return click.option(
        "--workspace", type=click.Path(file_okay=False, path_type=Path), help="De werkmap, met evaluation.toml."
    )(command)


def open_workspace(workspace: Path | None) -> Workspace:
    from ..faults import FaultsFound
    from ..workspace import SETTINGS_FILE, NoWorkspace, Unsettled, find

    if workspace is not None and not (workspace / SETTINGS_FILE).is_file():
        raise click.UsageError(f"in {workspace} staat geen {SETTINGS_FILE}")
    try:
        return find(workspace)
    except NoWorkspace as error:
        raise click.UsageError(str(error)) from None
    except Unsettled as error:
        refuse([*error.faults, *beside(error.workspace)])
    except FaultsFound as error:
        refuse(error.faults)


def known(workspace: Workspace, periods: Sequence[str]) -> list[str]:
    for name in periods:
        try:
            workspace.period(name)
        except KeyError as error:
            raise click.UsageError(error.args[0]) from None
    if not workspace.periods:
        raise click.UsageError("er staat nog geen periode in evaluation.toml; begin met `mp-eval new-period`")
    return list(dict.fromkeys(periods)) or [p.id for p in workspace.periods]


def wanted(workspace: Workspace, given: Mapping[str, str]) -> list[Leaf]:
    """The pages of all periods and of all together, with these parameters."""
    from ..execute.parameters import ParameterError
    from ..publish.leaves import leaves

    try:
        return leaves(workspace, known(workspace, ()), given)
    except ParameterError as error:
        raise click.UsageError(str(error)) from None


def chapters_of(workspace: Workspace) -> list[Path]:
    """The notebooks in reading order."""
    from ..execute.parameters import ParameterError
    from ..publish.leaves import chapters

    try:
        return chapters(workspace)
    except ParameterError as error:
        raise click.UsageError(str(error)) from None


def read_pairs(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name == "period":
            raise click.UsageError(f"‘{text}’: schrijf -p naam=waarde; de periode staat los achter `mp-eval run`")
        found[name.strip()] = value.strip()
    return found


def tell(faults: Sequence[Fault], *, title: str) -> None:
    from ..faults import with_points

    count = sum(f.count for f in faults)
    faults = _together(faults)
    click.echo(f"\n{title}: {len(faults)} {'fout' if len(faults) == 1 else 'fouten'}", err=True, nl=False)
    click.echo(f", samen op {with_points(count)} plaatsen.\n" if count > len(faults) else ".\n", err=True)
    for fault in faults:
        click.echo(f"{fault}\n", err=True)


def _together(faults: Sequence[Fault]) -> list[Fault]:
    """What is wrong in the same way with several sheets of a file, as one fault."""
    alike: dict[object, list[Fault]] = {}
    for n, fault in enumerate(faults):
        alike.setdefault(n if fault.rows or not fault.sheet else replace(fault, sheet=""), []).append(fault)
    return [_on_sheets(some) for some in alike.values()]


def _on_sheets(faults: Sequence[Fault]) -> Fault:
    first, *others = faults
    also = f"ook op blad {', '.join(f'‘{fault.sheet}’' for fault in others)}" if others else ""
    return replace(first, note="; ".join(filter(None, (first.note, also))))


def refuse(faults: Sequence[Fault]) -> NoReturn:
    tell(faults, title="Er kan niets worden gemaakt")
    sys.exit(1)


def beside(where: Workspace) -> list[Fault]:
    """What is wrong with settings that name a table, column or measure, with the ambitions and with the register."""
    from .. import ambitions, stages
    from ..intake import contract
    from ..intake.published import read_register

    plain = replace(where, settings=replace(where.settings, intake={}))

    def register(where: Workspace) -> None:
        read_register(where, contract.read(plain))

    looks = contract.read, stages.check_breaks, ambitions.read, register
    return list(dict.fromkeys(fault for look in looks for fault in faults_of(look, where)))


def astray(where: Workspace) -> list[str]:
    """A line for all that lies where no delivery is read."""
    from .. import delivered
    from ..faults import listed
    from ..intake.citizen import without_bsn

    found = [without_bsn(where.relative(path)) for path in delivered.astray(where)]
    folders = [where.relative(where.raw / p.id) for p in where.periods] or ["data/raw/PERIODE"]
    told = f"Niet gelezen, want niet in de map van een periode: {listed(found)}"
    return [f"{told}. Hoort het bij een levering, zet het in {' of '.join(folders)}."] if found else []


def faults_of(look: Callable[[Workspace], object], where: Workspace) -> tuple[Fault, ...]:
    from ..faults import FaultsFound

    try:
        look(where)
    except FaultsFound as error:
        return error.faults
    return ()

"""Where things are, and what the municipality set: `evaluation.toml` as frozen dataclasses.

Every path of the project is made here, so that a notebook, a test and the command line find the same files
whatever their working directory.
"""

from __future__ import annotations

import collections.abc
import os
import re
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from .faults import Fault, FaultsFound, Reason
from .periods import Period, union

SETTINGS_FILE = "evaluation.toml"
VARIABLE = "MP_EVAL_WORKSPACE"  # how the runner tells a notebook's process where the workspace is
PART_VARIABLE = "MP_EVAL_PART"  # and of which part of the evaluation, `period=digest`, its page will be made
PERIOD_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = {"alle-perioden", "evaluation", "index", "releases"}
METHODS = ("hide", "round", "hide_and_round")
LEAST_THRESHOLD, GREATEST_THRESHOLD = 3, 20
PACKAGE = Path(__file__).resolve().parent
T = typing.TypeVar("T")
Tell = collections.abc.Callable[[str, object, str], None]  # of a setting: its name, what was found, what was expected


class NoWorkspace(Exception):
    """There is no evaluation.toml where the workspace was looked for."""


@dataclass(frozen=True)
class Municipality:
    name: str


@dataclass(frozen=True)
class PeriodSetting:
    """A period: its days, how many participation consultants there were (0: not known), whether there are records."""

    id: str
    start: date
    end: date
    consultants: float = 0.0
    records: bool = True


@dataclass(frozen=True)
class Break:
    """A day from which measures are not counted as before; `text` says to a reader why."""

    date: date
    text: str
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeList:
    """The file beside a delivery that says what its codes mean: a part of its name, and its two columns."""

    file: str
    code: str
    text: str


# What no document can hold: signs that steer a printer or a terminal, and code points that are no sign at all.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True)
class TableMapping:
    """How one table's delivery differs from the contract; each entry adds to what the contract accepts.

    `codes` names the code list of a column that holds codes instead of words. `where` chooses rows: by a delivered
    column, the texts that it may hold. `last`: of rows with the same key the last one holds. `join`: rows that agree in
    these delivered columns are one, from the first begin to the last end.
    """

    files: tuple[str, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    date_format: str = ""
    decimal: str = ""
    codes: Mapping[str, CodeList] = field(default_factory=dict)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last: bool = False
    join: tuple[str, ...] = ()


@dataclass(frozen=True)
class Disclosure:
    """Which counts may be shown: all when `internal`, else none of 1 to `threshold` - 1 (see `disclosure.rules`)."""

    internal: bool = True
    threshold: int = 5
    method: str = "hide"


@dataclass(frozen=True)
class Outlook:
    """What the outlook assumes where the records cannot tell (see `measures.outlook`).

    Attributes
    ----------
    caseload_per_consultant, caseload_range
        Residents whom one consultant guides, and the least and most that is thinkable.
    newcomers_share
        Of new residents on steps 1 and 2, the least and greatest share that is able to take part.
    later_ready_share
        Of who is expected to be ready later, the least and greatest share that becomes so within a year.
    funding_end
        The last day on which the consultants of the period are paid; after it each number of them is a scenario.
    years
        The outlook goes up to the end of this many calendar years after the year of the stock.
    """

    caseload_per_consultant: int = 80
    caseload_range: tuple[int, ...] = (60, 100)
    newcomers_share: tuple[float, ...] = (0.3, 0.8)
    later_ready_share: tuple[float, ...] = (0.1, 0.5)
    funding_end: date | None = None
    years: int = 2
    runs: int = 1000
    seed: int = 1


@dataclass(frozen=True)
class Run:
    jobs: int = 2
    cell_seconds: int = 120
    notebook_seconds: int = 600
    memory_mb: int = 4096
    keep_releases: int = 5


@dataclass(frozen=True)
class Settings:
    municipality: Municipality
    periods: tuple[PeriodSetting, ...] = ()
    breaks: tuple[Break, ...] = ()
    intake: Mapping[str, TableMapping] = field(default_factory=dict)
    disclosure: Disclosure = field(default_factory=Disclosure)
    outlook: Outlook = field(default_factory=Outlook)
    run: Run = field(default_factory=Run)


@dataclass(frozen=True)
class Workspace:
    """One municipality's folder: its settings, deliveries, processed tables and pages."""

    root: Path
    settings: Settings

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods in order of their start."""
        return tuple(sorted(Period(p.start, p.end, p.id) for p in self.settings.periods))

    @cached_property
    def whole(self) -> tuple[Period, ...]:
        """The union of all periods, as disjoint pieces: one, unless there is a gap between periods."""
        return union(self.periods)

    @property
    def staff(self) -> tuple[tuple[Period, float], ...]:
        """Each period with its consultants, in the order of the periods; 0 where it is not known."""
        counts = {p.id: p.consultants for p in self.settings.periods}
        return tuple((p, counts[p.id]) for p in self.periods)

    def has_records(self, period: Period) -> bool:
        """Whether a delivery is expected; without one a period is evaluated from what was published."""
        return all(p.records for p in self.settings.periods if p.id == period.id)

    def period(self, key: str) -> Period:
        """The period with this id.

        Raises
        ------
        KeyError
            When there is none; the message names those that exist.
        """
        for period in self.periods:
            if period.id == key:
                return period
        known = ", ".join(p.id for p in self.periods) or "geen"
        why = (
            "" if isinstance(key, str) else "; dit is een getal en geen tekst: bij papermill is het -r in plaats van -p"
        )
        raise KeyError(f"onbekende periode ‘{key}’; in {SETTINGS_FILE} staan: {known}{why}")

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw"

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed"

    @property
    def output(self) -> Path:
        return self.root / "output"

    @property
    def scratch(self) -> Path:
        """Where a run builds before anything moves to `output`; safe to delete when no run is going on."""
        return self.root / ".mp-eval"

    @property
    def register(self) -> Path:
        return self.raw / "published.csv"

    @property
    def ambitions(self) -> Path:
        return self.raw / "ambities.toml"

    @property
    def contract(self) -> Path:
        """The workspace's own contract, else the one that mp-eval brings."""
        return _first_existing(self.raw / "datapackage.json", *_bundled("data/raw/datapackage.json"))

    @property
    def notebooks(self) -> Path:
        """The workspace's own notebooks, else those that mp-eval brings."""
        return _first_existing(self.root / "notebooks", *_bundled("notebooks"))

    def relative(self, path: Path) -> str:
        """The path as messages and pages show it: from the workspace, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name


def find(start: Path | None = None) -> Workspace:
    """The workspace that holds `start` (default: $MP_EVAL_WORKSPACE, else the working directory).

    Raises
    ------
    NoWorkspace
        When neither the folder nor one above it holds an evaluation.toml.
    FaultsFound
        When a setting is unknown, missing or of the wrong type; every one of them is named.
    """
    start = (start or Path(os.environ.get(VARIABLE) or Path.cwd())).resolve()
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Workspace(folder, read_settings(folder / SETTINGS_FILE))
    raise NoWorkspace(f"geen {SETTINGS_FILE} in {start.name or start} of een map daarboven; geef --workspace MAP")


def read_settings(path: Path) -> Settings:
    """Read and check evaluation.toml; see `find` for what it raises."""
    try:
        return settings_from(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FaultsFound([Fault(Reason.SETTINGS, SETTINGS_FILE, found=(str(error),))]) from None


def settings_from(text: str) -> Settings:
    """The settings in this text of an evaluation.toml; a text that is no TOML raises as `tomllib` does."""
    return read_toml(Settings, tomllib.loads(text), SETTINGS_FILE, Reason.SETTINGS, check=_check_settings)


def read_toml(
    cls: type[T],
    data: object,
    file: str,
    reason: Reason,
    check: collections.abc.Callable[[T, Tell], None] | None = None,
) -> T:
    """`data` as the frozen dataclass `cls`: unknown keys and wrong types are faults that name the key.

    Raises
    ------
    FaultsFound
        With every unknown key, missing key and wrong type at once.
    """
    faults: list[Fault] = []

    def fault(key: str, found: object, expected: str) -> None:
        hidden = found is MISSING or reason is Reason.CORRECTIONS  # a correction may quote what identifies a person
        shown = () if hidden else (_shown(found),)
        faults.append(Fault(reason, file, column=key, found=shown, expected=expected))

    value = _convert(cls, data, "", fault)
    if not faults and check is not None:
        check(value, fault)
    if faults:
        raise FaultsFound(faults)
    return typing.cast(T, value)


def _convert(kind, value, key, fault):  # type: ignore[no-untyped-def]
    """`value` as `kind`; what does not fit is told to `fault` and comes back as None."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if type(None) in inner:  # TOML has no null: an optional entry is left out
        return _convert(inner[0], value, key, fault)
    if is_dataclass(kind):
        return _convert_dataclass(kind, value, key, fault)
    if origin is tuple:
        if not isinstance(value, list):
            return fault(key, value, "een lijst [ … ]")
        return tuple(_convert(inner[0], v, f"{key}[{n}]", fault) for n, v in enumerate(value, 1))
    if origin is collections.abc.Mapping:
        if not isinstance(value, dict):
            return fault(key, value, "een tabel met namen")
        return {k: _convert(inner[1], v, f"{key}.{k}", fault) for k, v in value.items()}
    words = {
        str: "een tekst",
        int: "een geheel getal",
        float: "een getal, zoals 2.5",
        bool: "true of false",
        date: "een datum, zoals 2025-01-01",
    }
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:  # strict: true is not 1, "2" is not 2, a moment is not a day
        return fault(key, value, words[kind])
    if kind is str and CONTROL.search(value):
        return fault(key, CONTROL.sub("\N{REPLACEMENT CHARACTER}", value), "een tekst zonder stuurtekens")
    return value


def _convert_dataclass(kind, value, key, fault):  # type: ignore[no-untyped-def]
    if not isinstance(value, dict):
        return fault(key, value, "een tabel met namen")
    types_, known = typing.get_type_hints(kind), {f.name: f for f in fields(kind)}
    dotted = f"{key}." if key else ""
    for name in sorted(value.keys() - known.keys()):
        fault(f"{dotted}{name}", MISSING, f"een bekende naam: {', '.join(known)}")
    for name, spec in known.items():
        if name not in value and spec.default is MISSING and spec.default_factory is MISSING:
            fault(f"{dotted}{name}", MISSING, "een waarde; deze naam mag niet ontbreken")
    given = {n: _convert(types_[n], v, f"{dotted}{n}", fault) for n, v in value.items() if n in known}
    try:
        return kind(**given)
    except TypeError:  # a missing name, already told
        return None


def _check_settings(settings: Settings, fault: Tell) -> None:
    seen: set[str] = set()
    for n, period in enumerate(settings.periods, 1):
        if not PERIOD_ID.fullmatch(period.id) or period.id in RESERVED:
            fault(f"periods[{n}].id", period.id, "kleine letters, cijfers en streepjes, zoals 2024 of 2023-2024")
        if period.id in seen:
            fault(f"periods[{n}].id", period.id, "een naam die nog niet gebruikt is")
        if period.end <= period.start:
            fault(f"periods[{n}].end", period.end, "een dag na start; end is de dag ná de laatste dag")
        if not 0 <= period.consultants < 1000:
            fault(
                f"periods[{n}].consultants", period.consultants, "hoeveel consulenten er waren, omgerekend naar voltijd"
            )
        seen.add(period.id)
    if not LEAST_THRESHOLD <= settings.disclosure.threshold <= GREATEST_THRESHOLD:
        expected = f"een getal van {LEAST_THRESHOLD} tot en met {GREATEST_THRESHOLD}"
        fault("disclosure.threshold", settings.disclosure.threshold, expected)
    if settings.disclosure.method not in METHODS:
        fault("disclosure.method", settings.disclosure.method, " of ".join(METHODS))
    _check_outlook(settings.outlook, fault)
    for name, value in vars(settings.run).items():
        least = 0 if name in ("keep_releases", "memory_mb") else 1
        if value < least:
            fault(f"run.{name}", value, f"een getal van {least} of meer")


def _check_outlook(outlook: Outlook, fault: Tell) -> None:
    least_to_most = (("caseload_range", 1, 1000), ("newcomers_share", 0, 1), ("later_ready_share", 0, 0.99))
    for name, least, most in least_to_most:
        ends = getattr(outlook, name)
        if len(ends) != 2 or not least <= ends[0] <= ends[-1] <= most:
            found, expected = f"[{', '.join(map(str, ends))}]", f"twee getallen van {least} tot en met {most}"
            fault(f"outlook.{name}", found, f"{expected}, het laagste eerst")
    for name, least, most in (
        ("caseload_per_consultant", 1, 1000),
        ("years", 1, 10),
        ("runs", 100, 10_000),
        ("seed", 0, 2**32),
    ):
        if not least <= getattr(outlook, name) <= most:
            fault(f"outlook.{name}", getattr(outlook, name), f"een getal van {least} tot en met {most}")


def _shown(value: object) -> str:
    """The value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _bundled(name: str) -> tuple[Path, Path]:
    """Where a file of the project is: in a checkout, or inside an installed package."""
    return PACKAGE.parent / name, PACKAGE / Path(name).name


def _first_existing(*paths: Path) -> Path:
    return next((p for p in paths if p.exists()), paths[0])

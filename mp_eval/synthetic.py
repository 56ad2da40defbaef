"""Deliveries that look like a municipality's own and hold nobody.

The people are drawn at random; what is fixed are the counts of the published report (`PLAN`), so that the records
agree with every exact figure that records can agree with. The report leaves some things open, and here they are
chosen, not known:

- the residents first spoken to in January-June 2024, who are in both published periods: `PLAN` says 87;
- the 48 activated residents whom the report's activity row does not place: here their activity was not recorded;
- the blank cell of the 2024 activity row: here no trajectories were started in 2024.

The same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from .intake.pseudonyms import pseudonym
from .periods import Period

Cells = list[list[Any]]


class RealDelivery(Exception):
    """A folder that would be written holds files that are not synthetic."""


@dataclass(frozen=True)
class Window:
    """What happens to how many in one stretch of time; the stretches do not overlap."""

    period: Period
    spoken: int
    activated: dict[str, int]
    outflow: int
    referred: int


# The stretches between which the published periods are cut: the third is in both of the last two.
PLAN = (
    Window(Period(date(2022, 9, 1), date(2023, 6, 1)), 231, {"mantelzorg": 4, "vrijwilligerswerk": 27, "dagbesteding": 3, "inzet traject": 18, "zelfzoekers": 3, "": 25}, 8, 6),
    Window(Period(date(2023, 6, 1), date(2024, 1, 1)), 225, {"mantelzorg": 6, "vrijwilligerswerk": 35, "dagbesteding": 4, "inzet traject": 24, "zelfzoekers": 5, "": 23}, 7, 6),
    Window(Period(date(2024, 1, 1), date(2024, 7, 1)), 87, {"mantelzorg": 2, "vrijwilligerswerk": 8, "dagbesteding": 5, "zelfzoekers": 5}, 4, 5),
    Window(Period(date(2024, 7, 1), date(2025, 1, 1)), 88, {"mantelzorg": 3, "vrijwilligerswerk": 12, "dagbesteding": 8, "zelfzoekers": 7}, 6, 5),
    Window(Period(date(2025, 1, 1), date(2025, 7, 15)), 31, {"mantelzorg": 2, "vrijwilligerswerk": 9, "dagbesteding": 5, "inzet traject": 3, "zelfzoekers": 3}, 4, 3),
)  # fmt: skip
AGAIN = 4  # residents activated in July-December 2024 who had been activated before 2024 as well
SECOND_STARTS = 9  # residents who start the same activity twice within a period
GROUPS = {"in begeleiding": 241, "klaar voor begeleiding": 143, "later": 296, "niet op korte termijn": 404}
ON_BENEFIT, BY_BUREAU = 1900, 703
TODAY = date(2025, 7, 15)

PROVIDERS = ("Traject Een (verzonnen)", "Stap Vooruit (verzonnen)", "De Werkbrug (verzonnen)")
HOUSEHOLDS = ("alleenstaande", "alleenstaande ouder", "gehuwd of samenwonend", "anders")
EDUCATION = ("geen basisopleiding", "basisniveau", "lbo/mavo", "mbo/havo/vwo", "hbo", "wo")
FILLERS = ("participatieconsulent", "werkconsulent", "inburgeringsconsulent")


@dataclass
class Person:
    """A resident who does not exist."""

    pseudonym: str
    benefit_start: date
    birth_year: int
    sex: str
    household: str
    step: int
    first: date | None = None
    left: date | None = None
    activities: list[list[Any]] = field(default_factory=list)  # kind, start, end, already active, hours, referred
    referred: date | None = None
    reason: str = ""

    def is_busy(self, window: Window) -> bool:
        return any(a[1] in window.period for a in self.activities)


def synthesise(raw: Path, *, seed: int) -> list[Path]:
    """Write the deliveries of the three published periods below `raw`; returns the files written.

    Raises
    ------
    RealDelivery
        When a folder holds files that its source note does not call synthetic; nothing is written then.
    """
    for period in ("2022-2023", "2023-2024", "2024"):
        _refuse_real(raw / period)
    random = Random(seed)
    people = _people(random, seed)
    rows = _rows(people, random)
    files = {
        "2022-2023": _first_delivery(rows),
        "2023-2024": _second_delivery(rows),
        "2024": _third_delivery(rows, people, random),
    }
    written = []
    for period, contents in files.items():
        folder = raw / period
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            (folder / name).write_bytes(data)
            written.append(folder / name)
    return written


def _refuse_real(folder: Path) -> None:
    files = [p for p in folder.iterdir() if not p.name.startswith(".")] if folder.is_dir() else []
    note = folder / "source.toml"
    if files and not (note.is_file() and tomllib.loads(note.read_text(encoding="utf-8")).get("synthetic") is True):
        raise RealDelivery(f"in {folder.name} staan bestanden die niet verzonnen zijn; er is niets geschreven")


def _people(random: Random, seed: int) -> list[Person]:
    """Everybody, with first conversations, activities, referrals and departures as the plan has them."""
    size = ON_BENEFIT + sum(w.outflow for w in PLAN)
    people = [_person(n, random, seed) for n in range(size)]
    newcomers = iter(people)
    for window in PLAN:
        for _ in range(window.spoken):
            person = next(newcomers)
            person.first = _workday(window.period, random)
            person.benefit_start = min(person.benefit_start, person.first - timedelta(days=random.randrange(40, 900)))
    for window in PLAN:
        _activate(people, window, random)
        _let_go(people, window, random)
    return people


def _person(n: int, random: Random, seed: int) -> Person:
    start = date(2008, 1, 1) + timedelta(days=int(6200 * random.random() ** 0.6))
    household = random.choices(HOUSEHOLDS, (55, 18, 22, 5))[0]
    step = random.choices((1, 2, 3, 4, 5), (32, 30, 18, 14, 6))[0]
    code = pseudonym(f"verzonnen-{n}", f"synthetic-{seed}".encode())
    return Person(
        code, start, random.randrange(1959, 2005), random.choices(("man", "vrouw"), (47, 53))[0], household, step
    )


def _activate(people: Sequence[Person], window: Window, random: Random) -> None:
    """Give as many residents as planned one kind of activity that starts within the window."""
    free = [p for p in people if p.first and p.first + timedelta(days=21) < window.period.end and not p.left]
    fresh = [p for p in free if not p.activities]
    again = [p for p in free if p.activities and p.activities[0][1] < date(2024, 1, 1)]
    wanted = [kind for kind, count in window.activated.items() for _ in range(count)]
    recent = sorted(fresh, key=lambda p: (p.first or TODAY, p.pseudonym), reverse=True)[: 3 * len(wanted)]
    chosen = random.sample(recent, len(wanted))
    if window.period.start == date(2024, 7, 1):
        chosen[:AGAIN] = random.sample(again, AGAIN)
    for person, kind in zip(chosen, wanted, strict=True):
        _start(person, kind, window, random)
    volunteers = [p for p in chosen if p.activities[-1][0] == "vrijwilligerswerk"]
    for person in volunteers[: SECOND_STARTS if window is PLAN[1] else 0]:
        _start(person, "vrijwilligerswerk", window, random)


def _start(person: Person, kind: str, window: Window, random: Random) -> None:
    assert person.first is not None
    earliest = max(person.first + timedelta(days=7), window.period.start)
    day = _workday(Period(earliest, window.period.end), random)
    taken = {a[1] for a in person.activities}
    while day in taken:
        day = _workday(Period(earliest, window.period.end), random)
    already = random.random() < {"zelfzoekers": 0.6, "mantelzorg": 0.3, "vrijwilligerswerk": 0.05}.get(kind, 0)
    end = day + timedelta(days=random.randrange(60, 700)) if random.random() < 0.45 else None
    hours = random.choice((2, 3, 4, 6, 8, 8.5, 12, 16)) if kind and random.random() < 0.8 else None
    referred = random.choices(("bibliotheek", "taalcursus", "anders"), (6, 3, 1))[0] if kind == "zelfzoekers" else ""
    person.activities.append([kind, day, end, already, hours, referred])


def _let_go(people: Sequence[Person], window: Window, random: Random) -> None:
    """Referrals to the WSP and ended benefits of residents whom the programme spoke with."""
    known = [p for p in people if p.first and p.first < window.period.start + timedelta(days=60) and not p.left]
    idle = [p for p in known if not p.is_busy(window) and not p.referred]
    chosen = random.sample(idle, window.outflow + window.referred)
    for person in chosen[: window.outflow]:
        assert person.first is not None
        person.left = _workday(
            Period(max(window.period.start, person.first + timedelta(days=30)), window.period.end), random
        )
        person.reason = random.choices(("11", "13", "02", "32", "03"), (60, 8, 14, 12, 6))[0]
    for person in chosen[window.outflow :]:
        assert person.first is not None
        person.referred = _workday(
            Period(max(window.period.start, person.first + timedelta(days=30)), window.period.end), random
        )


def _rows(people: Sequence[Person], random: Random) -> dict[str, Cells]:
    """Every event, with its date in the second place, in the order of the dates."""
    rows: dict[str, Cells] = {"gesprekken": [], "activiteiten": [], "trajecten": [], "uitstroom": []}
    for p in people:
        for day, kind in _conversations(p, random):
            rows["gesprekken"].append([p.pseudonym, day, kind])
        for kind, start, end, already, hours, referred in p.activities:
            end = end if not p.left or (end and end < p.left) else max(start, p.left)
            if kind == "inzet traject":
                reason = random.choice(("uitstroom naar werk", "niet langer zinvol", "overig")) if end else ""
                cost = round(random.uniform(900, 5200) * 2) / 2
                rows["trajecten"].append([p.pseudonym, start, random.choice(PROVIDERS), end, reason, cost])
            else:
                rows["activiteiten"].append([p.pseudonym, start, kind, end, already, hours, referred])
        if p.left:
            rows["uitstroom"].append([p.pseudonym, p.left, "uitstroom uit de uitkering", p.reason])
        if p.referred:
            rows["uitstroom"].append([p.pseudonym, p.referred, "verwijzing werkgeversservicepunt", ""])
    rows["inwoners"] = [
        [p.pseudonym, p.benefit_start, p.left, p.birth_year, p.sex, p.household, p.step] for p in people
    ]
    return {
        name: sorted(cells, key=lambda r: (r[1], r[0])) if name != "inwoners" else cells for name, cells in rows.items()
    }


def _conversations(person: Person, random: Random) -> Iterable[tuple[date, str]]:
    if not person.first:
        return
    yield person.first, "eerste gesprek"
    day, until = person.first, person.left or TODAY
    while random.random() < 0.68:
        day = day + timedelta(days=random.randrange(45, 150))
        if day.weekday() > 4 or day >= until:
            break
        yield day, "voortgangsgesprek"
    if person.left and person.left - timedelta(days=7) > day:
        yield person.left - timedelta(days=7), "afsluitend gesprek"


def _first_delivery(rows: dict[str, Cells]) -> dict[str, bytes]:
    """Plain semicolon files in Windows-1252, conversations below a preamble and under other headers."""
    found = _until(rows, date(2022, 9, 1), date(2023, 6, 20))
    talks = [
        ["Selectie: Maatschappelijke Participatie"],
        ["Uitgedraaid op: 20-06-2023"],
        [],
        ["Inwonernummer", "Gespreksdatum", "Soort"],
        *found["gesprekken"],
    ]
    files = {
        "inwoners.csv": _text([_RESIDENTS, *found["inwoners"]], "cp1252"),
        "gesprekken.csv": _text(talks, "cp1252"),
        "activiteiten.csv": _text([_ACTIVITIES, *_spelled(found["activiteiten"], "zelf zoekers")], "cp1252"),
        "trajecten.csv": _text([_TRAJECTORIES, *_trajectories(found["trajecten"])], "cp1252"),
        "uitstroom.csv": _text([_OUTFLOW, *_spelled(found["uitstroom"], "verwijzing werkgeverservicepunt")], "cp1252"),
    }
    return _with_source(files, extracted="2023-06-20", received="2023-06-21")


def _second_delivery(rows: dict[str, Cells]) -> dict[str, bytes]:
    """Utf-8 with mark; rows delivered twice, a totals row, a typing error with its correction, one Excel file."""
    found = _until(rows, date(2023, 6, 1), date(2024, 10, 15))
    talks = [_CONVERSATIONS, *found["gesprekken"], *found["gesprekken"][:3]]
    wrong = next(n for n, r in enumerate(talks) if n and r[1] > date(2023, 9, 10))
    right = talks[wrong]
    typo = f"{right[1]:%d-%m-}2032"
    talks[wrong] = [right[0], typo, right[2]]
    correction = (
        "# Cellen die afwijken van de bron, elk met de reden. `expect` is wat er staat, `value` wat het moet zijn.\n\n"
        f'[[correction]]\nfile = "gesprekken.csv"\nrow = {wrong + 1}\ncolumn = "Datum gesprek"\nexpect = "{typo}"\n'
        f'value = "{right[1]:%d-%m-%Y}"\nreason = "Tikfout in het jaartal, bevestigd door de consulent (verzonnen voorbeeld)."\n'
    )
    total = ["Totaal", "", "", "", "", "", len(found["activiteiten"])]
    trajectories = [
        ["Trajecten maatschappelijke participatie"],
        [],
        _TRAJECTORIES,
        *_trajectories(found["trajecten"]),
        ["Totaal", "", "", "", "", sum(float(str(r[5])) for r in found["trajecten"])],
    ]
    files = {
        "inwoners.csv": _text([_RESIDENTS, *found["inwoners"]], "utf-8-sig"),
        "gesprekken.csv": _text(talks, "utf-8-sig"),
        "activiteiten.csv": _text([_ACTIVITIES, *_spelled(found["activiteiten"], "Zelfzoekers"), total], "utf-8-sig"),
        "trajecten.xlsx": _excel({"Trajecten": trajectories}),
        "uitstroom.csv": _text([_OUTFLOW, *found["uitstroom"]], "utf-8-sig"),
    }
    return {
        **_with_source(files, extracted="2024-10-15", received="2024-10-16"),
        "corrections.toml": correction.encode(),
    }


def _third_delivery(rows: dict[str, Cells], people: Sequence[Person], random: Random) -> dict[str, bytes]:
    """As the second, with activities and trajectories as sheets of one workbook, the caseload and the client picture."""
    found = _until(rows, date(2024, 1, 1), TODAY)
    present = [p for p in people if not p.left or p.left >= date(2024, 1, 1)]
    found["inwoners"] = [
        [p.pseudonym, p.benefit_start, p.left, p.birth_year, p.sex, p.household, p.step] for p in present
    ]
    staying = [p for p in people if not p.left]
    sheets = {
        "Activiteiten": [_ACTIVITIES, *_spelled(found["activiteiten"], "Zelf zoekers")],
        "Trajecten": [
            _TRAJECTORIES,
            *_trajectories(found["trajecten"]),
            ["Totaal", "", "", "", "", sum(float(str(r[5])) for r in found["trajecten"])],
        ],
        "Toelichting": [["Verzonnen gegevens: er staat niemand in dit bestand."]],
    }
    files = {
        "inwoners.csv": _text([_RESIDENTS, *found["inwoners"]], "utf-8-sig"),
        "gesprekken.csv": _text([_CONVERSATIONS, *found["gesprekken"]], "utf-8-sig"),
        "activiteiten en trajecten.xlsx": _excel(sheets),
        "uitstroom.xlsx": _excel({"Blad1": [_OUTFLOW, *_spelled(found["uitstroom"], "WSP")]}),
        "caseload.csv": _text(
            [["Inwoner", "Peildatum", "Groep", "In groep sinds"], *_caseload(staying, random)], "utf-8-sig"
        ),
        "klantbeeld.csv": _text([_PICTURE, *_picture(staying, random)], "utf-8-sig"),
    }
    return _with_source(files, extracted="2025-07-15", received="2025-07-16")


_RESIDENTS: list[Any] = [
    "Inwoner",
    "Begin uitkering",
    "Einde uitkering",
    "Geboortejaar",
    "Geslacht",
    "Leefvorm",
    "Trede",
]
_CONVERSATIONS: list[Any] = ["Inwoner", "Datum gesprek", "Soort gesprek"]
_ACTIVITIES: list[Any] = [
    "Inwoner",
    "Activiteit",
    "Begindatum",
    "Einddatum",
    "Was al actief",
    "Uren per week",
    "Verwezen naar",
]
_TRAJECTORIES: list[Any] = ["Inwoner", "Aanbieder", "Begindatum", "Einddatum", "Reden einde", "Kosten"]
_OUTFLOW: list[Any] = ["Inwoner", "Datum", "Soort", "Reden beëindiging"]
_PICTURE: list[Any] = [
    "Inwoner",
    "Peildatum",
    "Ingevuld door",
    "Opleidingsniveau",
    "Belemmeringen",
    "Taalbeheersing",
]


def _until(rows: dict[str, Cells], start: date, extracted: date) -> dict[str, Cells]:
    """What a system knew on the day of the extraction: later events and later ends are not in it."""
    found: dict[str, Cells] = {}
    for name in ("gesprekken", "activiteiten", "trajecten", "uitstroom"):
        found[name] = [list(r) for r in rows[name] if start <= r[1] <= extracted]
    for row in found["activiteiten"] + found["trajecten"]:
        if row[3] and row[3] > extracted:
            row[3:4] = [None]
    for row in found["trajecten"]:
        row[4] = row[4] if row[3] else ""
    involved = {r[0] for cells in found.values() for r in cells}
    found["inwoners"] = [list(r) for r in rows["inwoners"] if r[0] in involved]
    for row in found["inwoners"]:
        row[2] = row[2] if row[2] and row[2] <= extracted else None
    return found


def _spelled(rows: Cells, spelling: str) -> Cells:
    """The rows in the order of the delivered columns, with one category in the spelling of this delivery."""
    words = (
        {"zelfzoekers": spelling} if "zoeker" in spelling.casefold() else {"verwijzing werkgeversservicepunt": spelling}
    )
    out = []
    for row in rows:
        kind = words.get(str(row[2]), row[2])
        out.append([row[0], kind, row[1], *row[3:]] if len(row) > 4 else [row[0], row[1], kind, *row[3:]])
    return out


def _trajectories(rows: Cells) -> Cells:
    return [[r[0], r[2], r[1], *r[3:]] for r in rows]


def _caseload(staying: Sequence[Person], random: Random) -> Cells:
    """The groups on the day of the report; who is being helped was spoken to."""
    spoken = [p for p in staying if p.first]
    helped = random.sample(spoken, GROUPS["in begeleiding"])
    others = random.sample([p for p in staying if not p.first], sum(GROUPS.values()) - len(helped))
    groups = [g for g, n in GROUPS.items() for _ in range(n)]
    rows = []
    for person, group in zip([*helped, *others], groups, strict=True):
        since = person.first if group == "in begeleiding" else TODAY - timedelta(days=random.randrange(30, 900))
        rows.append([person.pseudonym, TODAY, group, since])
    return sorted(rows, key=lambda r: str(r[0]))


def _picture(staying: Sequence[Person], random: Random) -> Cells:
    bureau = {id(p) for p in random.sample([p for p in staying if not p.first], BY_BUREAU)}
    rows = []
    for person in staying:
        by = "extern bureau" if id(person) in bureau else random.choices(FILLERS, (45, 40, 15))[0]
        education = random.choice(EDUCATION) if random.random() < 0.85 else "onbekend"
        language = (
            random.choices(("onvoldoende", "voldoende", "goed"), (35, 40, 25))[0] if random.random() < 0.8 else ""
        )
        rows.append([person.pseudonym, TODAY, by, education, random.random() < 0.7, language])
    return sorted(rows, key=lambda r: str(r[0]))


def _workday(period: Period, random: Random) -> date:
    while True:
        day = period.start + timedelta(days=random.randrange(period.days))
        if day.weekday() < 5:
            return day


_CHOSEN = (
    "De verzonnen gegevens sluiten aan op de gepubliceerde cijfers. Wat die openlaten is gekozen en niet bekend: dat 87 "
    "inwoners in beide overlappende perioden zijn gesproken, dat van 48 geactiveerden de activiteit niet is vastgelegd, "
    "en dat in 2024 geen trajecten begonnen."
)


def _with_source(files: dict[str, bytes], *, extracted: str, received: str) -> dict[str, bytes]:
    """The files with their source note, which holds the hash of each."""
    hashes = "".join(f'"{name}" = "{hashlib.sha256(data).hexdigest()}"\n' for name, data in sorted(files.items()))
    note = (
        "# Bronvermelding: van wie deze bestanden komen en tot welke dag zij gaan.\n"
        f'producer = "mp-eval synthesise"\nreceived = {received}\nextracted = {extracted}\nsynthetic = true\n'
        f'note = "{_CHOSEN}"\n\n[sha256]\n{hashes}'
    )
    return {**files, "source.toml": note.encode()}


def _text(rows: Cells, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([[_dutch(c) for c in row] for row in rows])
    return out.getvalue().encode(encoding)


def _dutch(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    return str(cell)


def _excel(sheets: dict[str, Cells]) -> bytes:
    """A workbook with the same bytes on every machine: a fixed date, and stored, because compressors differ."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime(2025, 1, 1), "comments": "Verzonnen gegevens"})
    days, money = book.add_format({"num_format": "dd-mm-yyyy"}), book.add_format({"num_format": "#,##0.00"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(r, c, datetime(cell.year, cell.month, cell.day), days)
                elif isinstance(cell, float):
                    sheet.write_number(r, c, cell, money)
                elif isinstance(cell, int) and not isinstance(cell, bool):
                    sheet.write_number(r, c, cell)
                elif cell not in (None, ""):
                    sheet.write_string(r, c, _dutch(cell))
    book.close()
    return _stored(buffer.getvalue())


def _stored(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for info in source.infolist():
            target.writestr(zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), source.read(info.filename))
    return out.getvalue()

"""The three synthetic deliveries: what a system knew on the day of its extraction, each in forms of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from . import guidance, register
from .events import ordered
from .files import Cells, excel, text, with_source
from .people import Person
from .plan import GUIDED, Plan
from .programme import Programme

EDUCATION = ("geen basisopleiding", "basisniveau", "lbo/mavo", "mbo/havo/vwo", "hbo", "wo")
FILLERS = ("participatieconsulent", "werkconsulent", "inburgeringsconsulent")


def first(rows: dict[str, Cells], programme: Programme, plan: Plan) -> dict[str, bytes]:
    """Plain semicolon files in Windows-1252, conversations below a preamble and under other headers."""
    found = _until(rows, programme, plan.recorded["2022-2023"])
    residents = [[*r, path and f"pad {path}"] for *r, path in found["inwoners"]]
    talks = [
        ["Selectie: Maatschappelijke Participatie"],
        ["Uitgedraaid op: 20-06-2023"],
        [],
        ["Inwonernummer", "Gespreksdatum", "Soort"],
        *found["gesprekken"],
    ]
    files = {
        "inwoners.csv": text([_RESIDENTS, *residents], "cp1252"),
        "gesprekken.csv": text(talks, "cp1252"),
        "activiteiten.csv": text([_ACTIVITIES, *_spelled(found["activiteiten"], "zelf zoekers")], "cp1252"),
        "trajecten.csv": text([_TRAJECTORIES, *_trajectories(found["trajecten"])], "cp1252"),
        "uitstroom.csv": text(
            [_OUTFLOW, *_spelled(found["uitstroom"], "verwijzing werkgeverservicepunt", "parttime contract")], "cp1252"
        ),
        "treden.csv": text([["Cliëntnummer", "Meetdatum", "Niveau"], *found["treden"]], "cp1252"),
        "uitkeringen.csv": text([_BENEFITS_OF_OLD, *found["uitkeringen"]], "cp1252"),
    }
    return with_source(files, extracted="2023-06-20", received="2023-06-21", producer=plan.producer, note=plan.note)


def second(rows: dict[str, Cells], programme: Programme, plan: Plan) -> dict[str, bytes]:
    """Utf-8 with mark; rows delivered twice, a totals row, a typing error with its correction, one Excel file."""
    found = _until(rows, programme, plan.recorded["2023-2024"])
    talks = [_CONVERSATIONS, *found["gesprekken"], *found["gesprekken"][:3]]
    wrong = next(n for n, r in enumerate(talks) if n and r[1] > date(2023, 9, 10))
    right = talks[wrong]
    typo = f"{right[1]:%d-%m-}2032"
    talks[wrong] = [right[0], typo, right[2]]
    correction = (
        "# Cellen die afwijken van de bron, elk met de reden. `expect` is wat er staat, `value` wat het moet zijn.\n\n"
        f'[[correction]]\nfile = "gesprekken.csv"\nrow = {wrong + 1}\ncolumn = "Datum gesprek"\nexpect = "{typo}"\n'
        f'value = "{right[1]:%d-%m-%Y}"\n'
        'reason = "Tikfout in het jaartal, bevestigd door de consulent (verzonnen voorbeeld)."\n'
    )
    total = ["Totaal", "", "", "", "", "", len(found["activiteiten"])]
    trajectories = [
        ["Trajecten maatschappelijke participatie"],
        [],
        _TRAJECTORIES,
        *_trajectories(found["trajecten"]),
        ["Totaal", "", "", "", "", _paid(found["trajecten"])],
    ]
    files = {
        "inwoners.csv": text([_RESIDENTS, *found["inwoners"]], "utf-8-sig"),
        "gesprekken.csv": text(talks, "utf-8-sig"),
        "activiteiten.csv": text([_ACTIVITIES, *_spelled(found["activiteiten"], "Zelfzoekers"), total], "utf-8-sig"),
        "trajecten.xlsx": excel({"Trajecten": trajectories}),
        "uitstroom.csv": text([_OUTFLOW, *found["uitstroom"]], "utf-8-sig"),
        "treden.csv": text([_LADDER, *found["treden"]], "utf-8-sig"),
        "uitkeringen.csv": text([_BENEFITS, *found["uitkeringen"]], "utf-8-sig"),
    }
    return {
        **with_source(files, extracted="2024-10-15", received="2024-10-16", producer=plan.producer, note=plan.note),
        "corrections.toml": correction.encode(),
    }


def third(
    rows: dict[str, Cells],
    programme: Programme,
    people: Sequence[Person],
    plan: Plan,
    random: Random,
    *,
    period: str,
) -> dict[str, bytes]:
    """As the second, with activities, trajectories and ladder as sheets of one workbook, and the stocks of its day."""
    start, extracted = plan.recorded[period]
    known = [*rows["inwoners"], *(_leavers(rows) if plan.knows_leavers else ())]
    until = start - timedelta(days=1)  # the last day of who left on the first of the period
    here = [r for r in known if r[1] <= extracted and (not r[2] or r[2] >= until)]
    found = _until({**rows, "inwoners": here}, programme, (start, extracted), involved_only=False)
    talks = ordered([*found["gesprekken"], *programme.late])
    staying = [p for p in people if p.benefit_start <= extracted and (not p.left or p.left > extracted)]
    sheets = {
        "Activiteiten": [_ACTIVITIES, *_spelled(found["activiteiten"], "Zelf zoekers")],
        "Trajecten": [
            _TRAJECTORIES,
            *_trajectories(found["trajecten"]),
            ["Totaal", "", "", "", "", _paid(found["trajecten"])],
        ],
        "Treden": [_LADDER, *found["treden"]],
        "Toelichting": [["Verzonnen gegevens: er staat niemand in dit bestand."]],
    }
    files = {
        "inwoners.csv": text([_RESIDENTS, *found["inwoners"]], "utf-8-sig"),
        "gesprekken.csv": text([_CONVERSATIONS, *talks], "utf-8-sig"),
        "activiteiten en trajecten.xlsx": excel(sheets),
        "uitstroom.xlsx": excel({"Blad1": [_OUTFLOW, *_spelled(found["uitstroom"], "WSP", "deeltijdcontract")]}),
        "caseload.csv": text([_CASELOAD, *_caseload(staying, programme.ended, plan, extracted, random)], "utf-8-sig"),
        "klantbeeld.csv": text([_PICTURE, *_picture(staying, plan, extracted, random)], "utf-8-sig"),
        "uitkeringen.csv": text([_BENEFITS, *found["uitkeringen"]], "utf-8-sig"),
    }
    return with_source(
        files,
        extracted=f"{extracted}",
        received=f"{extracted + timedelta(days=1)}",
        producer=plan.producer,
        note=plan.note,
    )


_RESIDENTS: list[Any] = [
    "Inwoner",
    "Begin uitkering",
    "Einde uitkering",
    "Geboortejaar",
    "Geslacht",
    "Leefvorm",
    "Trede",
    "Pad",
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
_LADDER: list[Any] = ["Inwoner", "Datum meting", "Trede"]
_BENEFITS: list[Any] = [
    "Inwoner",
    "Begin uitkering",
    "Einde uitkering",
    "Geboortejaar",
    "Geslacht",
    "Leefvorm",
    "Reden instroom",
    "Reden beëindiging",
]
_BENEFITS_OF_OLD: list[Any] = [
    "Clientnummer",
    "Startdatum",
    "Einddatum",
    "Geboortejaar",
    "M/V",
    "Omschrijving leefvorm",
    "Oorzaak bijstand",
    "Reden einde uitkering",
]
_CASELOAD: list[Any] = ["Inwoner", "Peildatum", "Groep", "In groep sinds"]
_PICTURE: list[Any] = [
    "Inwoner",
    "Peildatum",
    "Ingevuld door",
    "Opleidingsniveau",
    "Belemmeringen",
    "Taalbeheersing",
]


def _until(
    rows: dict[str, Cells], programme: Programme, recorded: tuple[date, date], *, involved_only: bool = True
) -> dict[str, Cells]:
    """What a system knew on the day of the extraction: later events and later ends are not in it."""
    start, extracted = recorded
    found: dict[str, Cells] = {}
    for name in ("gesprekken", "activiteiten", "uitstroom"):
        found[name] = [list(r) for r in rows[name] if start <= r[1] <= extracted]
    known = [list(r) for r in rows["trajecten"] if r[1] <= extracted]
    found["trajecten"] = [r for r in known if not r[3] or r[3] >= start]  # also what began before and still ran
    for row in found["activiteiten"] + found["trajecten"]:
        if row[3] and row[3] > extracted:
            row[3:4] = [None]
    for row in found["trajecten"]:
        row[4] = row[4] if row[3] else ""
    involved = {r[0] for cells in found.values() for r in cells}
    residents = [r for r in rows["inwoners"] if r[0] in involved or not involved_only]
    found["inwoners"] = [[*r, programme.path(r[0], extracted)] for r in residents]
    for row in found["inwoners"]:
        row[2] = row[2] if row[2] and row[2] < extracted else None
    found["treden"] = _measured(programme, {r[0] for r in residents}, extracted)
    found["uitkeringen"] = register.known(rows["uitkeringen"], extracted)
    return found


def _leavers(rows: dict[str, Cells]) -> Cells:
    """Residents of whom nothing is known but a benefit that ended."""
    known = {row[0] for row in rows["inwoners"]}
    return [[*spell[:6], None] for spell in rows["uitkeringen"] if spell[0] not in known]


def _measured(programme: Programme, residents: set[str], extracted: date) -> Cells:
    """All measurements of these residents until then, also those of before the period: a rise begins somewhere."""
    found = [(who, m) for who, measured in programme.ladder.items() for m in measured if who in residents]
    return ordered([[who, day, step] for who, (day, step) in found if day <= extracted])


def _spelled(rows: Cells, *spellings: str) -> Cells:
    """The rows in the order of the delivered columns, with some categories in the spelling of this delivery."""
    words = {_word(spelling): spelling for spelling in spellings}
    out = []
    for row in rows:
        kind = words.get(str(row[2]), row[2])
        out.append([row[0], kind, row[1], *row[3:]] if len(row) > 4 else [row[0], row[1], kind, *row[3:]])
    return out


def _word(spelling: str) -> str:
    """The category that this is a spelling of."""
    if "zoeker" in spelling.casefold():
        return "zelfzoekers"
    return "parttime arbeidscontract" if "contract" in spelling else "verwijzing werkgeversservicepunt"


def _trajectories(rows: Cells) -> Cells:
    return [[r[0], r[2], r[1], *r[3:]] for r in rows]


def _paid(rows: Cells) -> float:
    """The sum below the costs, as a system prints it."""
    return float(sum(r[5] for r in rows if r[5] is not None))


def _caseload(staying: Sequence[Person], ended: guidance.Ends, plan: Plan, today: date, random: Random) -> Cells:
    """The groups on the day of the report: who is in guidance then, and as many others as the plan has."""
    helped, waiting = guidance.guided(staying, ended, today), _not_spoken(staying, today)
    grown = plan.growth ** ((today - plan.today).days / 365.25)
    groups = [group for group, count in plan.groups.items() if group != GUIDED for _ in range(round(count * grown))]
    rest = random.sample(waiting, min(len(groups), len(waiting)))
    rows = []
    for person, group in [*((p, GUIDED) for p in helped), *zip(rest, groups, strict=False)]:
        since = person.first if group == GUIDED else today - timedelta(days=random.randrange(30, 900))
        rows.append([person.pseudonym, today, group, since])
    return sorted(rows, key=lambda r: str(r[0]))


def _not_spoken(staying: Sequence[Person], today: date) -> list[Person]:
    """Who was not spoken to by this day."""
    return [p for p in staying if not p.first or p.first > today]


def _picture(staying: Sequence[Person], plan: Plan, today: date, random: Random) -> Cells:
    waiting = _not_spoken(staying, today)
    bureau = {id(p) for p in random.sample(waiting, min(plan.by_bureau, len(waiting)))}
    rows = []
    for person in staying:
        by = "extern bureau" if id(person) in bureau else random.choices(FILLERS, (45, 40, 15))[0]
        education = random.choice(EDUCATION) if random.random() < 0.85 else "onbekend"
        language = (
            random.choices(("onvoldoende", "voldoende", "goed"), (35, 40, 25))[0] if random.random() < 0.8 else ""
        )
        rows.append([person.pseudonym, today, by, education, random.random() < 0.7, language])
    return sorted(rows, key=lambda r: str(r[0]))

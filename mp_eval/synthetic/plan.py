"""What happens to how many in made-up deliveries: as published (`REPORT`), or in proportion for any municipality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from ..periods import Period

KINDS = ("mantelzorg", "vrijwilligerswerk", "dagbesteding", "inzet traject", "zelfzoekers", "")
GUIDED = "in begeleiding"  # the group that the plan fills with who is in guidance
OLDEST = 6405  # days before the last extraction: the longest benefit that still runs


@dataclass(frozen=True)
class Window:
    """What happens to how many in one stretch of time; the stretches do not overlap.

    `again`: of who becomes active, those who were active before `Plan.again_from` too. `second_starts`: volunteers who
    start twice. `part_time`: contracts beside the benefit.
    """

    period: Period
    spoken: int
    activated: Mapping[str, int]
    outflow: int
    referred: int
    part_time: int = 0
    again: int = 0
    second_starts: int = 0


@dataclass(frozen=True)
class Plan:
    """All that is fixed of made-up deliveries.

    `recorded`: what each delivery holds, events from its first day through the second, on which it was extracted.
    `returns`: in which days how many benefits begin again within a month. `late`: in which days how many conversations
    are recorded after the delivery that should hold them. `left`: who began in the year of the last extraction and has
    left. `knows_leavers`: who left a benefit in a period is one of its residents, whoever it was. `unrecorded`: of
    which share of those whose guidance ended no closing conversation was recorded. `growth`: as many times more wait
    than a year before. `providers`: of trajectories; `places`: the two where residents are mostly referred to.
    """

    windows: tuple[Window, ...]
    recorded: Mapping[str, tuple[date, date]]
    on_benefit: int
    by_bureau: int
    groups: Mapping[str, int]
    note: str
    producer: str = "een verzonnen voorbeeld"  # whom pages name as their source
    returns: tuple[tuple[Period, int], ...] = ()
    late: tuple[Period, int] | None = None
    left: int = 0
    again_from: date = field(default=date.min)
    knows_leavers: bool = False
    unrecorded: float = 0.0
    growth: float = 1.0
    providers: tuple[str, ...] = ("Traject Een (verzonnen)", "Stap Vooruit (verzonnen)", "De Werkbrug (verzonnen)")
    places: tuple[str, str] = ("bibliotheek", "taalcursus")

    @property
    def today(self) -> date:
        """The day of the last extraction."""
        return max(extracted for _, extracted in self.recorded.values())

    @property
    def oldest(self) -> date:
        return self.today - timedelta(days=OLDEST)

    def spoken_in(self, period: Period) -> int:
        """How many are first spoken to in a period that no stretch crosses the edge of."""
        return sum(w.spoken for w in self.windows if w.period.overlap(period) == w.period)


def _of(start: date, end: date, spoken: int, active: Sequence[int], *others: int, **more: int) -> Window:
    """A stretch with its residents who became active in the order of `KINDS`."""
    return Window(Period(start, end), spoken, dict(zip(KINDS, active, strict=True)), *others, **more)


# The stretches between which the published periods are cut: the third is in both of the last two.
REPORT = Plan(
    windows=(
        _of(date(2022, 9, 1), date(2023, 6, 1), 231, (4, 27, 3, 18, 3, 25), 8, 6, 9),
        _of(date(2023, 6, 1), date(2024, 1, 1), 225, (6, 35, 4, 24, 5, 23), 7, 6, 7, second_starts=9),
        _of(date(2024, 1, 1), date(2024, 7, 1), 87, (2, 8, 5, 0, 5, 0), 4, 5, 5),
        _of(date(2024, 7, 1), date(2025, 1, 1), 88, (3, 12, 8, 0, 7, 0), 6, 5, 9, again=4),
        _of(date(2025, 1, 1), date(2025, 7, 15), 31, (2, 9, 5, 3, 3, 0), 4, 3, 4),
    ),
    recorded={
        "2022-2023": (date(2022, 9, 1), date(2023, 6, 20)),
        "2023-2024": (date(2023, 6, 1), date(2024, 10, 15)),
        "2024": (date(2024, 1, 1), date(2025, 7, 15)),
    },
    on_benefit=1900,
    by_bureau=703,
    groups={GUIDED: 241, "klaar voor begeleiding": 143, "later": 296, "niet op korte termijn": 404},
    note=(
        "De verzonnen gegevens sluiten aan op de gepubliceerde cijfers. Wat die openlaten is gekozen en niet bekend: "
        "dat 87 inwoners in beide overlappende perioden zijn gesproken, dat van 48 geactiveerden de activiteit niet is "
        "vastgelegd, en dat in 2024 geen trajecten begonnen. Treden, paden, parttime contracten, wie binnen een maand "
        "terugkwam, de uitkeringen van wie al weg was en wanneer begeleiding eindigde staan in geen rapport: die zijn "
        "geheel verzonnen. De kans dat begeleiding eindigt is elke maand even groot, en zo dat 241 inwoners haar nog "
        "hebben."
    ),
    returns=(
        (Period(date(2022, 11, 1), date(2023, 5, 1)), 2),
        (Period(date(2023, 7, 1), date(2023, 12, 1)), 2),
        (Period(date(2024, 7, 1), date(2024, 12, 1)), 2),
    ),
    late=(Period(date(2024, 2, 1), date(2024, 10, 1)), 9),
    left=12,
    again_from=date(2024, 1, 1),
    unrecorded=0.03,
)  # fmt: skip

# Of a hundred residents on benefit, in a year: round numbers, none of a municipality.
SPOKEN, OUTFLOW, REFERRED, PART_TIME = 12.0, 0.8, 0.7, 0.7
# Of a hundred who are spoken to; one stretch after another, so that periods differ as those of a municipality do.
ACTIVE = ((2, 12, 5, 7, 5, 3), (4, 10, 8, 5, 8, 2), (3, 14, 6, 4, 6, 3))
PACES = (1.0, 1.25, 0.9)  # as many times what is done in a year
GROWTH = 1.15  # in a year, of who waits
# Of a hundred on benefit, at most.
GROUPS = {GUIDED: 10, "klaar voor begeleiding": 8, "later": 16, "niet op korte termijn": 20}
BY_BUREAU, ON_BENEFIT = 0.3, 0.03  # of who is on benefit; of the inhabitants
MOST_SPOKEN = 0.7  # of who is on benefit, in all periods together
SHORTEST = 28  # days of a stretch in which anything happens
UNTIL_EXTRACTION = 60  # days after the end of a period


def plan(periods: Sequence[Period], inhabitants: int, *, name: str) -> Plan:
    """A plan for any periods of a municipality of this size, which says of itself that it is made up.

    >>> made = plan([Period(date(2024, 1, 1), date(2025, 1, 1), "2024")], 10_000, name="Nergenshuizen")
    >>> made.on_benefit, made.spoken_in(Period(date(2024, 1, 1), date(2025, 1, 1))), made.today.isoformat()
    (300, 36, '2025-03-02')
    """
    recorded = {p.id: (p.start, p.end + timedelta(days=UNTIL_EXTRACTION)) for p in periods}
    today = max(extracted for _, extracted in recorded.values())
    on_benefit = max(1, round(ON_BENEFIT * inhabitants))
    cuts = sorted({day for p in periods for day in (p.start, p.end)} | {today})
    stretches = [Period(*ends) for ends in pairwise(cuts) if (ends[1] - ends[0]).days >= SHORTEST]
    paces = [PACES[n % len(PACES)] for n in range(len(stretches))]
    years = sum(s.days * pace for s, pace in zip(stretches, paces, strict=True)) / 365.25
    spoken = min(SPOKEN / 100, MOST_SPOKEN / max(years, 1)) * on_benefit
    return Plan(
        windows=tuple(
            _window(s, spoken * pace * s.days / 365.25, on_benefit * pace * s.days / 36525, ACTIVE[n % len(ACTIVE)])
            for n, (s, pace) in enumerate(zip(stretches, paces, strict=True))
        ),
        recorded=recorded,
        on_benefit=on_benefit,
        by_bureau=round(BY_BUREAU * on_benefit),
        groups={group: round(share / 100 * on_benefit) for group, share in GROUPS.items()},
        note=f"Alles hierin is verzonnen, als voorbeeld. Geen getal en geen persoon is van de gemeente {name}.",
        growth=GROWTH,
        knows_leavers=True,
        providers=tuple(f"Aanbieder {letter} (verzonnen)" for letter in "ABC"),
        places=("taalhuis", "buurthuis"),
    )


def _window(period: Period, spoken: float, hundreds: float, shares: Sequence[int]) -> Window:
    """A stretch in which so many are spoken to; `hundreds` of residents on benefit times years."""
    active = {kind: round(share / 100 * spoken) for kind, share in zip(KINDS, shares, strict=True)}
    outflow, referred, part_time = (round(share * hundreds) for share in (OUTFLOW, REFERRED, PART_TIME))
    return Window(period, round(spoken), active, outflow, referred, part_time)

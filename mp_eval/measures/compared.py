"""Does it make a difference? Residents first spoken to, beside others who were alike and not spoken to yet.

All deliveries are looked at together: a first conversation is the resident's, whichever delivery holds it. The benefits
are those of the last register alone: one that an earlier register has without its end, and a later one no longer holds,
would run for ever. The design is that of `trials`; here stand what it is made of, what is asked of it, and the grounds
on which nothing is said.

One outcome was chosen beforehand: the benefit ended within twelve months. The ends that are expected and not those that
were seen decide whether there are enough, for what was seen is the outcome itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta

import numpy as np
import pandas as pd

from .benefit_register import spells
from .outflow import first_day_without
from .reach import first_conversations
from .scope import Scope
from .trials import AWAY, ENDED, ENDS, HORIZON, RUNS, WORK, Difference, Trials, month_of

MEASURES = (
    "compared",
    "compared_risk",
    "compared_difference",
    "compared_months_off",
    "compared_balance",
    "comparison_ground",
)
AWAY_CODES, WORK_CODES = ("03", "04", "32", "33"), ("11", "13")  # an age, dying, moving, abroad; work
MONTHS, SOON, PRIMARY = (3, 6, 12, 24), 3, 12
ENOUGH, HARDLY = 20, 10  # expected ends from which on a difference is told, and risks by themselves
MOST_UNMET, MOST_UNLIKE = 0.05, 0.1  # share without anybody alike; spreads between the means after weighting
MARGIN = 1.2  # how much likelier to leave the spoken may be by what nobody records (simulated: 1.22 and 0.84)
OUTCOMES = {"benefit_ended": ENDS, "ended_by_work": (WORK,), "moved_or_died": (AWAY,)}
GROUNDS = (
    *("too_short", "leavers_missing", "hardly_any_ends", "few_ends"),
    *("unmatched", "unbalanced", "others_differ", "left_early"),
)
USUAL, LEAST_OF_USUAL = (
    10,
    0.25,
)  # ends that are usual in the first months; of fewer than this share, leavers are missing
VERDICTS = ("more_often", "less_often")
Tables = Mapping[str, pd.DataFrame]


def measure(tables: Tables, scope: Scope) -> list[dict[str, object]]:
    """Both risks, their difference in several ways, how alike the two are, and on which grounds it says nothing."""
    first = math.ceil(month_of(pd.Series([pd.Timestamp(scope.pieces[0].start)]))[0])
    stop = math.floor(month_of(pd.Series([pd.Timestamp(scope.as_of + timedelta(days=1))]))[0])
    known = register(tables, scope)
    if stop - first <= PRIMARY or not np.isfinite(known["talk"]).any():
        return [*_told(dict.fromkeys(GROUNDS, False) | {"too_short": True}, scope)]
    main = Trials(known, first=first, stop=stop)
    held = grounds(main)
    rows = [*_told(held | verdicts(main, held), scope), *_counts(main, known, first, scope), *_balance(main, scope)]
    rows += _steps(tables["conversations"], known, scope)
    for outcome, of in OUTCOMES.items():
        for months in MONTHS if outcome == "benefit_ended" else (PRIMARY,):
            rows += _risk(f"{outcome}>{months}", main.risk(months, of=of), main, scope)
    later = Trials(known, first=first, stop=stop, lag=SOON)
    rows += _risk(f"three_months_later>{PRIMARY}", later.risk(PRIMARY), later, scope)
    others = {
        f"without_classes>{PRIMARY}": Trials(known, first=first, stop=stop, is_crude=True).risk(PRIMARY),
        f"stopped_and_weighed>{HORIZON}": Trials(known, first=first, stop=stop, later="weighs").risk(HORIZON),
        f"likelier>{PRIMARY}": main.risk(PRIMARY, times=MARGIN),
        f"less_likely>{PRIMARY}": main.risk(PRIMARY, times=1 / MARGIN),
    }
    rows += [_difference(category, found, scope) for category, found in others.items()]
    return [*rows, *_months_off(main.months_off(), scope)]


def register(tables: Tables, scope: Scope) -> pd.DataFrame:
    """The benefits as `Trials` wants them, with the first conversation of each resident.

    The step of the ladder at entry makes classes where it was delivered. That at the first conversation does not, for
    who is not spoken to has none; it tells how far the step at entry still holds (`_steps`).
    """
    known = spells(tables["benefits"], scope.as_of)
    talks = first_conversations(tables)
    talk = talks[talks["date"] <= pd.Timestamp(scope.as_of)].groupby("resident", observed=True)["date"].min()
    ways = {**dict.fromkeys(AWAY_CODES, AWAY), **dict.fromkeys(WORK_CODES, WORK)}
    kind = known["end_reason"].astype("object").map(ways).fillna(ENDED).where(known["end"].notna(), RUNS)
    made = pd.DataFrame(
        {
            "resident": known["resident"],
            "start": month_of(known["start"]),
            "end": month_of(first_day_without(known["end"])),
            "kind": kind.astype(int),
            "talk": month_of(talk.reindex(known["resident"]).set_axis(known.index)),
            "birth_year": known["birth_year"].astype("float64"),
            "household": known["household"],
        }
    )
    return made.assign(entry_step=known["entry_step"].astype("float64")) if "entry_step" in known else made


def grounds(main: Trials) -> dict[str, bool]:
    """Which of `GROUNDS` hold: on each of them the records do not tell whether it makes a difference.

    `leavers_missing`: a register of who is there now knows few ends of long ago, and who left then is in neither arm.
    `others_differ` is the negative control: no conversation keeps anybody from moving or dying. `left_early` sees that
    who was about to leave was not invited; that more left early is no ground, for a true difference does that.
    """
    ends, soon = main.risk(PRIMARY), main.risk(SOON)
    met = main.spoken
    seen, usual = first_ends(main)
    found = {
        "too_short": math.isnan(ends.size),
        "leavers_missing": usual >= USUAL and seen < LEAST_OF_USUAL * usual,
        "hardly_any_ends": ends.expected < HARDLY,
        "few_ends": ends.expected < ENOUGH,
        "unmatched": main.unmet > MOST_UNMET * (main.unmet + met),
        "unbalanced": any(abs(after) > MOST_UNLIKE for _, after in main.balance().values()),
        "others_differ": main.risk(PRIMARY, of=(AWAY,)).is_judged,
        "left_early": soon.high < 0,
    }
    return {ground: bool(found[ground]) for ground in GROUNDS}


def first_ends(main: Trials) -> tuple[int, float]:
    """How many benefits ended in the first months of the trials, and how many do in as many months of all."""
    begin = float(main.zero[0, 0])
    seen, every = (int(((main.end > begin) & (main.end <= until)).sum()) for until in (begin + SOON, main.stop))
    return seen, every * SOON / (main.stop - begin)


def verdicts(main: Trials, held: Mapping[str, bool]) -> dict[str, bool]:
    """Whether the benefit ended more or less often, beyond chance and what selection may make; never on a ground."""
    asked = [main.risk(PRIMARY, times=times) for times in (1, MARGIN, 1 / MARGIN)]
    may = not any(held.values())
    return {"more_often": may and all(d.low > 0 for d in asked), "less_often": may and all(d.high < 0 for d in asked)}


def _told(held: Mapping[str, bool], scope: Scope) -> Iterator[dict[str, object]]:
    for ground in (*GROUNDS, *VERDICTS):
        yield scope.row("comparison_ground", float(held.get(ground, False)), breakdown="ground", category=ground)


def _counts(main: Trials, known: pd.DataFrame, first: int, scope: Scope) -> Iterator[dict[str, object]]:
    """Who is compared; `outside` had the first conversation, but in no month of benefit that can be compared."""
    alike, worth = main.residents_alike
    spoken = known.loc[np.isfinite(known["talk"]) & (known["talk"] >= first), "resident"].nunique()
    counts = {
        "compared_spoken": main.spoken,
        "compared_unmatched": main.unmet,
        "compared_outside": spoken - main.residents_spoken,
        "compared_alike": alike,
        "compared_worth": worth,
    }
    yield scope.row("compared", spoken)
    for side, count in counts.items():
        yield scope.row("compared", count, breakdown="compared", category=side)
    seen, usual = first_ends(main)
    yield scope.row("compared", seen, denominator=usual, breakdown="compared", category="compared_first_ends")


def _steps(conversations: pd.DataFrame, known: pd.DataFrame, scope: Scope) -> Iterator[dict[str, object]]:
    """Of how many the step is known at entry and at the first conversation, and of how many it was the same."""
    if not {"step"} <= {*conversations} or not {"entry_step"} <= {*known}:
        return
    talks = conversations[conversations["kind"] == "first"].sort_values("date", kind="stable")
    steps = talks.drop_duplicates("resident").set_index("resident")["step"]
    spoken = known[(known["start"] <= known["talk"]) & (known["talk"] < known["end"])]
    then = steps.reindex(spoken["resident"]).astype("float64").to_numpy()
    entry = spoken["entry_step"].to_numpy(float)
    is_known = np.isfinite(then) & np.isfinite(entry)
    if is_known.any():
        for side, count in (("compared_steps", is_known), ("compared_same_step", is_known & (then == entry))):
            yield scope.row("compared", int(count.sum()), breakdown="compared", category=side)


def _balance(main: Trials, scope: Scope) -> Iterator[dict[str, object]]:
    for trait, found in main.balance().items():
        for weighing, off in zip(("unweighed", "weighed"), found, strict=True):
            label = {"breakdown": "trait>weighing", "category": f"{trait}>{weighing}"}
            yield scope.row("compared_balance", off, **label)


def _risk(category: str, found: Difference, main: Trials, scope: Scope) -> Iterator[dict[str, object]]:
    """Both risks with how many that are and would be, and the difference."""
    counts = (found.happened, main.spoken), (found.expected, main.spoken)
    for side, risk, limits, (many, of) in zip(
        ("compared_spoken", "compared_alike"), (found.spoken, found.alike), found.limits, counts, strict=True
    ):
        label = {"breakdown": "outcome>months>compared", "category": f"{category}>{side}"}
        if math.isnan(risk):
            yield scope.row("compared_risk", None, status="undefined", **label)
        else:
            band = {"low": limits[0], "high": limits[1]}
            yield scope.row("compared_risk", risk, numerator=many, denominator=of, **band, **label)
    yield _difference(category, found, scope)


def _difference(category: str, found: Difference, scope: Scope) -> dict[str, object]:
    label = {"breakdown": "outcome>months", "category": category}
    if math.isnan(found.size):
        return scope.row("compared_difference", None, status="undefined", **label)
    band = {side: None if math.isnan(limit) else limit for side, limit in (("low", found.low), ("high", found.high))}
    return scope.row("compared_difference", found.size, **band, **label)


def _months_off(found: Difference, scope: Scope) -> Iterator[dict[str, object]]:
    if math.isnan(found.size):
        yield scope.row("compared_months_off", None, status="undefined")
        return
    yield scope.row("compared_months_off", found.size, low=found.low, high=found.high)
    for side, months in (("compared_spoken", found.spoken), ("compared_alike", found.alike)):
        yield scope.row("compared_months_off", months, breakdown="compared", category=side)

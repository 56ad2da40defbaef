"""What measures count: sets of rows, and of residents who have them, each made of another one.

A measure in the catalogue (`tidy.MEASURES`) takes one of these, or one made of them; from how they are made follows
what readers know of it beside other measures (`implied`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import programme
from .sets import Rows

MILESTONES = ("3", "6", "12", "18", "24")  # months
# Conversations, and residents by their first one in the period
EVER = Rows("conversations")
TALKED = EVER.only(day="within")
FIRST, CLOSING = (TALKED.only(kind=kind) for kind in ("first", "closing"))
SPOKEN = Rows("residents spoken to", once=True).meeting(FIRST)
STARTED = Rows("starts")
BOUGHT = STARTED.only(activity="trajectory", bought="yes")
PRICED = BOUGHT.only(priced="yes")
ACTIVE = SPOKEN.meeting(Rows("starts since"))
ANEW, UNBOUGHT = Rows("starts since").only(new="yes"), Rows("starts since").but(activity="trajectory")
VARIANTS: Mapping[str, Mapping[str, Rows]] = {
    "variant": {
        "gross": STARTED,
        "net": STARTED.only(new="yes"),
        "without_trajectory": STARTED.but(activity="trajectory"),
    }
}
ACTIVE_VARIANTS: Mapping[str, Mapping[str, Rows]] = {
    "variant": {"gross": ACTIVE, "net": ACTIVE.meeting(ANEW), "without_trajectory": ACTIVE.meeting(UNBOUGHT)}
}
# Who was not active yet, by how many milestones there was time for, what happened first, and before which milestone
NOT_YET = SPOKEN.only(at_start="not_yet_active")
COURSES = [
    (time, what, n)
    for time in range(len(MILESTONES) + 1)
    for what in ("activated", "left", "nothing")
    for n in (range(1, min(time + 1, len(MILESTONES)) + 1) if what != "nothing" else [len(MILESTONES) + 1])
]


def _by(is_so: Callable[[int, str, int, int], bool]) -> dict[str, Rows]:
    """Of each milestone those of whom it is so, by the course of things and the number of the milestone."""
    return {
        m: NOT_YET.only(course=[f"{time} {what} {n}" for time, what, n in COURSES if is_so(time, what, n, number)])
        for number, m in enumerate(MILESTONES, 1)
    }


TIME = _by(lambda time, what, n, number: time >= number)
ACTIVATED = _by(lambda time, what, n, number: what == "activated" and n <= number)
IN_TIME = _by(lambda time, what, n, number: what == "activated" and n <= number <= time)
LEFT_BY = _by(lambda time, what, n, number: what == "left" and n <= number)
STILL = _by(lambda time, what, n, number: time >= number and n > number)
STEPPED = SPOKEN.meeting(Rows("steps"))
TWICE = STEPPED.only(measured="measured_twice")
STEPS = [f"step_{n}" for n in range(1, programme.STEPS + 1)]
MOVES = [(n, m, f"{a}>{b}") for n, a in enumerate(STEPS) for m, b in enumerate(STEPS)]
# Who left the benefit or the programme, and who came
GONE, REFERRED, CONTRACTED = Rows("left", once=True), Rows("referrals"), Rows("contracts")
STAYED = Rows("stays", once=True)
JOINED, PARTED = STAYED.only(entry="joined").meeting(SPOKEN), STAYED.only(end="left")
PRESENT = Rows("benefits in the period", once=True)
NEW = Rows("new benefits", once=True).meeting(PRESENT)
# Stocks on a day
ON_BENEFIT, GROUPED = Rows("on benefit", once=True), Rows("caseload", once=True)
SINCE = GROUPED.only(since="known")
PICTURED = Rows("client picture", once=True)
LOWEST = Rows("lowest steps", once=True).meeting(ON_BENEFIT)


def spoken_in(month: str) -> Rows:
    """Residents whose first conversation in the period was in this month."""
    return SPOKEN.only(month=month).meeting(FIRST.only(month=month))

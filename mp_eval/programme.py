"""The programme as this municipality made it: choices that no sentence takes for those of every municipality."""

from __future__ import annotations

from dataclasses import dataclass

from . import spoken
from .strict import Rule, Tell, obey

TRAJECTORY, UNRECORDED, REFERRED = "trajectory", "unrecorded", "wsp_referral"
ACTIVITIES = ("informal_care", "volunteering", "day_activity", TRAJECTORY, "self_directed")
FITTING = (*ACTIVITIES, REFERRED)
MOST_ROUTES = 9
MOST_ACTIVITIES = 12
GUIDED, READY, LATER = "caseload", "ready", "later"
GROUPS = (GUIDED, READY, LATER, "not_soon")  # of the caseload
UNTIMED = (LATER, "not_soon")  # groups of which it does not matter how long somebody has been in them
UNREGISTERED = "unregistered"  # of who is in none of them
MOST_GROUPS = 8
STEPS = 6  # of the participation ladder


@dataclass(frozen=True)
class Route:
    """A path of the programme: how it is called, and what fits it (kinds of activity, a referral to the WSP)."""

    name: str
    fitting: tuple[str, ...] = ()


@dataclass(frozen=True)
class Programme:
    """What this municipality chose. What is not set is counted nowhere and spoken of nowhere.

    Attributes
    ----------
    newcomers_first
        Whether who is new on benefit goes before who waits already; else who waits longest goes first.
    routes
        The paths of the programme, in the order of the numbers that deliveries have for them.
    referrals
        Where residents who find an activity alone are referred to, as deliveries call it; all else is *elsewhere*.
    activities
        The kinds of activity in their order: those of `ACTIVITIES`, and others as deliveries call them; none set means
        `ACTIVITIES`. A kind that is not among them is refused where it is delivered.
    ladder_steps
        How many steps the ladder has, from the lowest.
    groups
        The groups of the caseload in their order: those of `GROUPS`, and others as deliveries call them; none set means
        `GROUPS`. Who is guided is among them (`GUIDED`).
    """

    newcomers_first: bool = False
    routes: tuple[Route, ...] = ()
    referrals: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    ladder_steps: int = STEPS
    groups: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The categories of a start, in order: trajectories, which have a table of their own, and what has no kind too.

        >>> Programme(activities=("volunteering", "taalmaatje")).kinds
        ('volunteering', 'taalmaatje', 'trajectory', 'unrecorded')
        """
        chosen = self.activities or ACTIVITIES
        return (*chosen, *(() if TRAJECTORY in chosen else (TRAJECTORY,)), UNRECORDED)

    @property
    def stocks(self) -> tuple[str, ...]:
        """The groups of the caseload, in order."""
        return self.groups or GROUPS

    @property
    def timed(self) -> tuple[str, ...]:
        """The groups of which it matters how long somebody has been in them.

        >>> Programme(groups=("caseload", "taalklas", "later")).timed
        ('caseload', 'taalklas')
        """
        return tuple(group for group in self.stocks if group not in UNTIMED)

    @property
    def steps(self) -> tuple[int, ...]:
        return tuple(range(1, self.ladder_steps + 1))


def check(programme: Programme, fault: Tell) -> None:
    """Tell of every choice that cannot be."""
    obey(programme, PROGRAMME_RULES, "programme", fault)
    for n, route in enumerate((programme and programme.routes) or (), 1):
        obey(route, ROUTE_RULES, f"programme.routes[{n}]", fault)
        known = dict.fromkeys((*programme.kinds[:-1], *FITTING)) if programme.activities else dict.fromkeys(FITTING)
        if route and route.fitting and not set(route.fitting) <= set(known):
            fault(f"programme.routes[{n}].fitting", route.fitting, f"een of meer van {', '.join(known)}")


def _is_name(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() and ">" not in text


def _are_names(names: tuple[str, ...], brought: tuple[str, ...]) -> bool:
    """Whether each is a name, there once, and means nothing else already."""
    taken = spoken.brought().keys() - set(brought) if names else set()
    return all(map(_is_name, names)) and len({n.casefold() for n in names}) == len(names) and taken.isdisjoint(names)


_NAME = "een naam op één regel, zonder >"
ROUTE_RULES = (Rule(("name",), lambda name: _is_name(name), _NAME),)
PROGRAMME_RULES = (
    Rule(("routes",), lambda routes: len(routes) <= MOST_ROUTES, f"ten hoogste {MOST_ROUTES} paden"),
    Rule(
        ("activities",),
        lambda names: _are_names(names, ACTIVITIES),
        f"namen van soorten activiteiten, elk één keer, en elk {_NAME}",
    ),
    Rule(
        ("groups",),
        lambda names: _are_names(names, GROUPS) and (not names or GUIDED in names),
        f"namen van groepen van de caseload, elk één keer, en elk {_NAME}; {GUIDED} (wie begeleid wordt) hoort erbij",
    ),
    Rule(("groups",), lambda names: len(names) <= MOST_GROUPS, f"ten hoogste {MOST_GROUPS} groepen"),
    Rule(("activities",), lambda names: len(names) <= MOST_ACTIVITIES, f"ten hoogste {MOST_ACTIVITIES} soorten"),
    Rule(("ladder_steps",), lambda steps: 2 <= steps <= STEPS, f"een getal van 2 tot en met {STEPS}"),
    Rule(("referrals",), lambda names: all(map(_is_name, names)) and len({*names}) == len(names), f"elk {_NAME}"),
)

"""The programme as this municipality made it: choices that no sentence takes for those of every municipality."""

from __future__ import annotations

from dataclasses import dataclass

from .strict import Rule, Tell, obey

FITTING = ("informal_care", "volunteering", "day_activity", "trajectory", "self_directed", "wsp_referral")
MOST_ROUTES = 9


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
    """

    newcomers_first: bool = False
    routes: tuple[Route, ...] = ()
    referrals: tuple[str, ...] = ()


def check(programme: Programme, fault: Tell) -> None:
    """Tell of every choice that cannot be."""
    obey(programme, PROGRAMME_RULES, "programme", fault)
    for n, route in enumerate((programme and programme.routes) or (), 1):
        obey(route, ROUTE_RULES, f"programme.routes[{n}]", fault)


def _is_name(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() and ">" not in text


_NAME = "een naam op één regel, zonder >"
ROUTE_RULES = (
    Rule(("name",), lambda name: _is_name(name), _NAME),
    Rule(("fitting",), lambda kinds: set(kinds) <= set(FITTING), f"een of meer van {', '.join(FITTING)}"),
)
PROGRAMME_RULES = (
    Rule(("routes",), lambda routes: len(routes) <= MOST_ROUTES, f"ten hoogste {MOST_ROUTES} paden"),
    Rule(("referrals",), lambda names: all(map(_is_name, names)) and len({*names}) == len(names), f"elk {_NAME}"),
)

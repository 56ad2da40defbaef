"""A model of guidance month by month: who is guided, who waits for a place, and who is not ready yet.

In each month, in this order:

1. residents in guidance leave it, each with the same chance;
2. when there are fewer places than a month before, who is guided beyond them loses guidance and is not counted again;
3. residents who are not ready yet become ready, each with the same chance;
4. new residents ask for guidance, a Poisson number of them;
5. free places go to who waits longest; or, where the municipality chose so, to new residents first, then to who is
   ready. Of who joins in one month, those who became ready come before those who are new.

Whoever waits goes on waiting. Nobody is guided twice.

Method: a discrete-time stochastic stock-and-flow model (binomial and Poisson flows). With places for everybody the
number in guidance is that of an M/M/infinity queue seen once a month: Poisson with mean inflow / chance of leaving.
`expected` is its fluid limit, the same months with every flow at its mean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Start:
    """Residents in guidance, ready for it, and ready later, at the end of month 0."""

    guided: int
    ready: int
    later: int


@dataclass(frozen=True)
class Rates:
    """What happens in a month, one value for each run: chance to leave, new residents, chance to become ready."""

    leave: Array
    inflow: Array
    ready: Array


@dataclass(frozen=True)
class Paths:
    """How it went: an array of scenarios by runs by months (0 is the start).

    `guided`, `ready` and `newcomers` are how many are in guidance and how many wait at the end of the month;
    `placed_ready`, `placed_newcomers` and `arrived` are sums of all months so far.
    """

    guided: Array
    ready: Array
    newcomers: Array
    placed_ready: Array
    placed_newcomers: Array
    arrived: Array


def simulate(start: Start, rates: Rates, places: Array, *, seed: int, newcomers_first: bool = True) -> Paths:
    """Random paths, the same for the same seed. `places` are those of each scenario (row) in each month (column).

    The first column is month 0: the places at the start. Newcomers and who becomes ready are the same in all scenarios:
    only the places differ.

    Examples
    --------
    >>> never = Rates(*(np.zeros(1) for _ in range(3)))
    >>> paths = simulate(Start(1, 5, 0), never, np.array([[3, 3, 3, 4]]), seed=1)
    >>> paths.guided[0, 0].tolist(), paths.placed_ready[0, 0].tolist()
    ([1, 3, 3, 4], [0, 2, 2, 3])
    """
    random = np.random.default_rng(seed)
    return _run(start, rates, places, random.binomial, random.poisson, int, newcomers_first)


def expected(start: Start, rates: Rates, places: Array, *, newcomers_first: bool = True) -> Paths:
    """The fluid limit: every flow at its mean. A run is then a variant of the rates, and nothing is random.

    Examples
    --------
    >>> half = Rates(np.array([0.5]), np.array([0.0]), np.array([0.0]))
    >>> expected(Start(8, 0, 0), half, np.array([[9, 9, 9]])).guided[0, 0].tolist()
    [8.0, 4.0, 2.0]
    """
    return _run(start, rates, places, np.multiply, lambda rate: rate, float, newcomers_first)


def month_of(reached: Array, wanted: Array | float) -> Array:
    """Of each path the first month in which a sum reaches what is wanted; infinite when it does not.

    Examples
    --------
    >>> month_of(np.array([[0, 2, 5], [0, 1, 1]]), 2).tolist()
    [1.0, inf]
    """
    enough = reached >= np.asarray(wanted)[..., None] - 1e-9
    return np.where(enough.any(axis=-1), enough.argmax(axis=-1).astype(float), np.inf)


def band(values: Array) -> tuple[float, float, float]:
    """Median, 10% and 90% of the runs; each is the value of a run, so infinite ones do no harm.

    Examples
    --------
    >>> band(np.array([3.0, 1.0, np.inf, 2.0, 4.0]))
    (3.0, 1.0, inf)
    """
    median, low, high = map(float, bands(values))
    return median, low, high


def bands(values: Array, axis: int = 0) -> Array:
    """As `band`, of many at once: the runs are along this axis, and the three stand first.

    Examples
    --------
    >>> bands(np.array([[3.0, 1.0, np.inf, 2.0, 4.0], [5.0] * 5]), axis=1).tolist()
    [[3.0, 5.0], [1.0, 5.0], [inf, 5.0]]
    """
    return np.quantile(values, (0.5, 0.1, 0.9), axis=axis, method="inverted_cdf")


def _run(
    start: Start,
    rates: Rates,
    places: Array,
    share: Callable[[Array, Array], Array],
    arriving: Callable[[Array], Array],
    kind: type,
    newcomers_first: bool,
) -> Paths:
    """The months one after another; `share` says how many of so many do what has this chance, `arriving` who comes."""
    scenarios, months = places.shape
    shape = (scenarios, len(rates.leave), months)
    paths = Paths(*(np.zeros(shape, dtype=kind) for _ in range(6)))
    guided, ready = (np.full(shape[:2], n, dtype=kind) for n in (start.guided, start.ready))
    later: Array = np.full(shape[1], start.later, dtype=kind)
    newcomers, placed_ready, placed_newcomers = (np.zeros(shape[:2], dtype=kind) for _ in range(3))
    arrived: Array = np.zeros(shape[1], dtype=kind)
    joined: Array = np.full(shape[1], start.ready, dtype=kind)  # who has been in the one line so far
    line: list[tuple[Array, Array]] = []  # of each month: how many were in it before the newcomers, and these
    paths.guided[..., 0], paths.ready[..., 0] = guided, ready
    for month in range(1, months):
        before, room = places[:, month - 1, None], places[:, month, None]
        guided = guided - share(guided, np.broadcast_to(rates.leave, guided.shape))
        guided = guided - np.where(room < before, np.maximum(guided - room, 0), 0)
        became, came = share(later, rates.ready), arriving(rates.inflow)
        later, arrived = later - became, arrived + came
        ready, newcomers = ready + became, newcomers + came
        line.append((joined + became, came))
        joined = joined + became + came
        free = np.maximum(room - guided, 0)
        first = np.minimum(free, newcomers)
        if not newcomers_first:
            served = placed_ready + placed_newcomers + np.minimum(free, ready + newcomers)
            first = sum(np.clip(served - ahead, 0, new) for ahead, new in line) - placed_newcomers
        then = np.minimum(free - first, ready)
        guided, newcomers, ready = guided + first + then, newcomers - first, ready - then
        placed_newcomers, placed_ready = placed_newcomers + first, placed_ready + then
        now = (guided, ready, newcomers, placed_ready, placed_newcomers, arrived)
        for path, value in zip(vars(paths).values(), now, strict=True):
            path[..., month] = value
    return paths

"""How long it takes until something happens, of residents who are not all followed equally long.

Who is followed until the day of the extraction without anything happening is *censored*: it may still happen. Who was
censored at a duration is counted as followed up to and including it, so what happens at that duration comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pandas as pd

Z = NormalDist().inv_cdf(0.975)
Numbers = Sequence[float] | np.ndarray  # or a column of a table


def months_between(start: pd.Series, end: pd.Series) -> pd.Series:
    """From one day to another in calendar months, with the days that are left as a part of the month they fall in.

    It is at most m exactly when the end is not after the start plus m calendar months (of 31 August plus six months
    the last day of February). Missing when a day is; negative when the end is earlier.

    Examples
    --------
    >>> days = pd.to_datetime(pd.Series(["2024-01-15", "2024-08-31"]))
    >>> months_between(days, pd.to_datetime(pd.Series(["2024-02-15", "2025-02-28"]))).tolist()
    [1.0, 6.0]
    """
    known = (start.notna() & end.notna()).to_numpy()
    first, last = (d.to_numpy()[known].astype("datetime64[D]") for d in (start, end))
    whole = (last.astype("datetime64[M]") - first.astype("datetime64[M]")).astype(int)
    whole -= _later(first, whole) > last
    low, high = _later(first, whole), _later(first, whole + 1)
    months = np.full(len(start), np.nan)
    months[known] = whole + (last - low).astype(int) / (high - low).astype(int)
    return pd.Series(months, index=start.index)


def kaplan_meier(durations: Numbers, events: Numbers, *, entries: Numbers | None = None) -> pd.DataFrame:
    """The share to whom it has not happened after each duration.

    Grain: one row a distinct duration, ascending. Columns: time, at_risk (followed at least so long), events,
    survival, low, high. The band is the 95% one on the scale of log(-log(survival)) with Greenwood's variance, as R and
    lifelines give it; it is missing where survival is 1 or 0.

    Parameters
    ----------
    durations
        How long each resident was followed, in any unit.
    events
        Whether it happened then (1, true), or the resident was still followed (0, false).
    entries
        After which duration each came to be followed, when that was later than at once (delayed entry): whom it had
        happened to before could not be seen, so nobody is at risk up to and including it.

    Raises
    ------
    ValueError
        When the two are not of one length, or a duration is missing or negative.

    Notes
    -----
    Kaplan and Meier (1958), Journal of the American Statistical Association 53, 457-481; band: Kalbfleisch and
    Prentice (2002), The Statistical Analysis of Failure Time Data, section 1.4.

    Examples
    --------
    >>> kaplan_meier([1, 2, 2, 4], [1, 1, 0, 0])[["time", "at_risk", "events", "survival"]].values.tolist()
    [[1.0, 4.0, 1.0, 0.75], [2.0, 3.0, 1.0, 0.5], [4.0, 1.0, 0.0, 0.5]]
    """
    times, at_risk, happened = _counted(durations, np.asarray(events).astype(int))
    if entries is not None:
        at_risk = at_risk - (np.asarray(entries, dtype=float)[:, None] >= times).sum(axis=0)
    d = happened.sum(axis=0)
    survival = np.cumprod(1 - d / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(d / (at_risk * (at_risk - d)))) / np.log(survival)
        low, high = (np.exp(np.log(survival) * np.exp(sign * Z * spread)) for sign in (-1, 1))
    has_band = (survival > 0) & (survival < 1)
    columns = {"time": times, "at_risk": at_risk, "events": d, "survival": survival}
    band = {"low": np.where(has_band, low, np.nan), "high": np.where(has_band, high, np.nan)}
    return pd.DataFrame(columns | band)


def cumulative_incidence(durations: Numbers, causes: Numbers, *, kinds: int = 1) -> pd.DataFrame:
    """The share to whom each of several things has happened first, after each duration (Aalen and Johansen).

    Who something else happened to is not followed any longer, and is not taken out either: the shares of all things
    and of nothing sum to 1. One minus Kaplan and Meier would count as if those others could still come.

    Grain: one row a distinct duration, ascending. Columns: time, at_risk, and of each cause k events_k, incidence_k,
    low_k, high_k. The band is the 95% one on the scale of log(-log(incidence)), with the variance of the delta method;
    it is missing where the incidence is 0 or 1.

    Parameters
    ----------
    durations
        How long each resident was followed, in any unit.
    causes
        What happened then: 1, 2, …; 0 for who was still followed.
    kinds
        How many causes there are at least; one that never occurs has an incidence of 0.

    Raises
    ------
    ValueError
        When the two are not of one length, or a duration is missing or negative.

    Notes
    -----
    Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150; variance: Marubini and Valsecchi (1995),
    Analysing Survival Data from Clinical Trials and Observational Studies, chapter 10.

    Examples
    --------
    >>> curve = cumulative_incidence([1, 2, 3, 4], [1, 2, 0, 1])
    >>> curve[["time", "at_risk", "incidence_1", "incidence_2"]].values.tolist()
    [[1.0, 4.0, 0.25, 0.0], [2.0, 3.0, 0.25, 0.25], [3.0, 2.0, 0.25, 0.25], [4.0, 1.0, 0.75, 0.25]]
    """
    times, at_risk, happened = _counted(durations, np.asarray(causes).astype(int), kinds)
    gone = happened.sum(axis=0)
    before = np.concatenate([[1.0], np.cumprod(1 - gone / at_risk)[:-1]]) if len(times) else np.zeros(0)
    columns = {"time": times, "at_risk": at_risk}
    for k, d in enumerate(happened, start=1):
        incidence = np.cumsum(before * d / at_risk)
        low, high = _band(incidence, _variance(incidence, before, at_risk, gone, d))
        columns |= {f"events_{k}": d, f"incidence_{k}": incidence, f"low_{k}": low, f"high_{k}": high}
    return pd.DataFrame(columns)


def at(curve: pd.DataFrame, times: Numbers, *, start: float) -> pd.DataFrame:
    """A curve at chosen times: the last row up to each, with `at_risk` those who are followed beyond it.

    Before the first row nothing has happened: the columns that are not counts then hold `start` (1 of a survival, 0 of
    an incidence), the bands nothing.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 2, 4], [1, 1, 0, 0])
    >>> at(curve, [0, 2, 3], start=1)[["time", "at_risk", "survival"]].values.tolist()
    [[0.0, 4.0, 1.0], [2.0, 1.0, 0.5], [3.0, 1.0, 0.5]]
    """
    wanted = np.asarray(times, dtype=float)
    place = np.searchsorted(curve["time"].to_numpy(), wanted, side="right")
    beyond = np.append(curve["at_risk"].to_numpy(), 0)[place]
    is_band = curve.columns.str.startswith(("low", "high"))
    first = {c: np.nan if band else float(start) for c, band in zip(curve.columns, is_band, strict=True)}
    first |= {c: 0 for c in curve.columns if c.startswith("events")}
    rows = pd.concat([pd.DataFrame([first]), curve], ignore_index=True).iloc[place].reset_index(drop=True)
    return rows.assign(time=wanted, at_risk=beyond)


def _later(days: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Days so many calendar months later; in a month that is too short, its last day."""
    month = days.astype("datetime64[M]")
    day = (days - month.astype("datetime64[D]")).astype(int)
    target = month + months
    length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(int)
    return target.astype("datetime64[D]") + np.minimum(day, length - 1)


def _counted(durations: Numbers, causes: np.ndarray, kinds: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The distinct durations, how many were followed at least so long, and how often each cause occurred at each."""
    followed = np.asarray(durations, dtype=float)
    if followed.shape != causes.shape:
        raise ValueError(f"{len(followed)} durations and {len(causes)} causes")
    if not (followed >= 0).all():
        raise ValueError("a duration is missing or negative")
    times, places = np.unique(followed, return_inverse=True)
    at_risk = np.bincount(places, minlength=len(times))[::-1].cumsum()[::-1]
    several = range(1, max(kinds, int(causes.max(initial=0))) + 1)
    happened = np.array([np.bincount(places[causes == k], minlength=len(times)) for k in several])
    return times, at_risk, happened


def _variance(
    incidence: np.ndarray, before: np.ndarray, at_risk: np.ndarray, gone: np.ndarray, d: np.ndarray
) -> np.ndarray:
    """Of a cumulative incidence at each time; sums over earlier times of squares of what is still to come."""
    left = at_risk * (at_risk - gone)
    hazard = np.divide(gone, left, out=np.zeros(len(left)), where=left > 0)  # all gone: nothing is still to come
    own, shared = before**2 * (at_risk - d) * d / at_risk**3, before * d / at_risk**2
    total = incidence**2 * np.cumsum(hazard) - 2 * incidence * np.cumsum(incidence * hazard)
    total += np.cumsum(incidence**2 * hazard) + np.cumsum(own)
    total += 2 * np.cumsum(incidence * shared) - 2 * incidence * np.cumsum(shared)
    return np.maximum(total, 0.0)


def _band(share: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inside = (share > 0) & (share < 1 - 1e-12)  # a sum of parts that make up all may fall short of 1 by rounding
    safe = np.where(inside, share, 0.5)
    spread = Z * np.sqrt(variance) / (safe * np.log(safe))
    low, high = (np.where(inside, safe ** np.exp(sign * spread), np.nan) for sign in (-1, 1))
    return low, high

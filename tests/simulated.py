"""Made-up registers of benefits of which it is known what the first conversation does.

Who is spoken to is chosen by how long the benefit lasts, age and household, which also decide how soon it ends: so who
was ever spoken to and who never was are far apart where nothing makes a difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mp_eval.measures.trials import AWAY, ENDED, RUNS, WORK

PROGRAMME, STOP = 240, 274  # months in which the conversations and the following begin and end
SPOKEN_UNTIL = PROGRAMME + 28
HOUSEHOLDS = ("single", "single_parent", "couple")


@dataclass(frozen=True)
class Register:
    """The spells, and by how many points the risk at 12 months of those spoken to is truly higher."""

    spells: pd.DataFrame
    truth: float


def register(
    seed: int, *, ratio: float = 1.0, talks: float = 22.5, level: float = 1.0, is_foreseen: bool = False
) -> Register:
    """After a conversation a benefit ends `ratio` times as often.

    `talks` a month, `level` times as many ends as usual; when it is foreseen, who is about to leave is not invited.
    """
    random = np.random.default_rng(seed)
    arrivals = random.poisson(31, SPOKEN_UNTIL + 6).cumsum()
    many = int(arrivals[-1])
    joined = np.searchsorted(arrivals, np.arange(many), side="right").astype(float)
    start = joined + random.uniform(size=many)
    born = start // 12 - random.integers(18, 63, size=many)
    household = random.choice(3, size=many, p=(0.65, 0.2, 0.15))
    enough = random.exponential(size=many)  # of the hazard that adds up until the benefit ends
    away = random.exponential(1 / 0.0025, size=many) + start
    end, talk = np.full(many, np.inf), np.full(many, np.inf)
    borne = np.zeros(many)
    for month in range(STOP):
        here = (start < month) & (end > month) & (away > month)
        months = np.maximum(month - start, 0.0)
        hazard = _hazard(months, month // 12 - born, household) * level
        if PROGRAMME <= month < SPOKEN_UNTIL:
            may = here & (month - start >= 1) & np.isinf(talk)
            if is_foreseen:
                may &= borne + 4 * hazard < enough
            wish = np.where(
                may, (0.15 + np.minimum(months, 60) / 60) * (1 + (household == 0)) * (1 + (month // 12 - born < 45)), 0
            )
            number = min(random.poisson(talks), int(may.sum()))
            chosen = random.choice(many, size=number, replace=False, p=wish / wish.sum())
            talk[chosen] = month + random.uniform(size=number)
        more = hazard * np.where(talk < month, ratio, 1.0)
        leaves = here & (borne + more >= enough)
        end[leaves] = month + (enough - borne)[leaves] / more[leaves]
        borne += np.where(here, more, 0.0)
    is_away = away < end
    end = np.minimum(end, away)
    talk = np.where(talk < end, talk, np.inf)
    kind = np.where(end < STOP, np.where(is_away, AWAY, np.where(random.uniform(size=many) < 0.4, WORK, ENDED)), RUNS)
    spells = pd.DataFrame(
        {
            "resident": np.arange(many),
            "start": start,
            "end": np.where(end < STOP, end, np.inf),
            "kind": kind,
            "talk": talk,
            "birth_year": born,
            "household": np.array(HOUSEHOLDS)[household],
        }
    )
    zero = np.ceil(talk)
    met = np.isfinite(talk) & (end > zero) & (zero < STOP)
    risks = [_risk(zero[met], start[met], born[met], household[met], level * r) for r in (ratio, 1.0)]
    return Register(spells, float((risks[0] - risks[1]).mean()) * 100)


def _hazard(months: np.ndarray, age: np.ndarray, household: np.ndarray) -> np.ndarray:
    by_age = np.interp(age, (20, 35, 50, 62), (1.6, 1.2, 0.9, 0.5))
    return (0.006 + 0.05 * np.exp(-months / 12)) * by_age * np.array((1.0, 0.75, 0.9))[household]


def _risk(zero: np.ndarray, start: np.ndarray, born: np.ndarray, household: np.ndarray, times: float) -> np.ndarray:
    """The risk of an end in twelve months after time zero."""
    left, risk = np.ones(len(zero)), np.zeros(len(zero))
    for month in range(12):
        own = 1 - np.exp(-times * _hazard(zero + month - start, (zero + month) // 12 - born, household))
        risk += left * own * (1 - 0.0025 / 2)
        left *= (1 - own) * np.exp(-0.0025)
    return risk

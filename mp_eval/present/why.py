"""What the records tell of why the share of residents who became active is not what it was in the period before.

They hold no reasons: only what was counted in another way, and what the share is without that. A person adds the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import tidy
from ..evaluation import Evaluation
from .chapters import comparison
from .wording import number, percent, word

SHARE, SOON = "activation_rate", "6"  # and months in which residents of either period became active


def told(evaluation: Evaluation, period: str) -> str:
    """Computed sentences about the share of a period beside that of the period before.

    Nothing where there is no period before, or where one of the two is not known or not shown. Of what is made smaller
    a share is told as a part of 100 residents spoken to; the difference is in percentage points.
    """
    found = comparison.from_before(evaluation, period, SHARE)
    if found is None or not found.change.difference:
        return ""
    gap = found.change.difference
    before, when = found.before, evaluation.period(period)
    form = "why_less" if gap < 0 else "why_more"
    said = [_say(form, points=number(abs(100 * gap), 1), before=before.wording())]
    if found.remarks:
        said.append(_say("why_unlike", remarks="; ".join(found.remarks)))
    for key, (this, last) in _parts(evaluation, when.id, before.id):
        if isinstance(this, float) and isinstance(last, float):
            shown = [number(100 * v, 1) if key == "why_outside" else percent(v) for v in (this, last)]
            said.append(_say(key, this=shown[0], last=shown[1], when=when.wording(), before=before.wording()))
    return " ".join([*said, _say("why_not")])


def _parts(evaluation: Evaluation, *periods: str) -> Iterator[tuple[str, list[tidy.Value]]]:
    """What the share is made of, in each of the periods."""
    measures = evaluation.measures

    def of_all(period: str, measure: str, breakdown: str, category: str, whole: str) -> tidy.Value:
        part, all_ = tidy.number(measures, period, measure, breakdown, category), tidy.number(measures, period, whole)
        return part / all_ if isinstance(part, float) and isinstance(all_, float) and all_ else None

    yield "why_outside", [of_all(p, "activated", "variant", "without_trajectory", "spoken") for p in periods]
    yield "why_before", [of_all(p, "cohort", "at_start", "active_before", "cohort") for p in periods]
    yield "why_timely", [tidy.number(measures, p, "timely_activation_rate", "months", SOON) for p in periods]


def _say(key: str, **told: object) -> str:
    return word("note", key).format(**told)

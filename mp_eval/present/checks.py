"""Checks in the open: the parts, their sum and the whole, so that a reader can do the sum."""

from __future__ import annotations

from collections.abc import Sequence

from .. import tidy
from ..evaluation import Evaluation
from ..tidy import Hidden
from .elements import Check
from .wording import number, word


def adds_up(
    evaluation: Evaluation, name: str, parts: Sequence[tidy.Value], whole: tidy.Value, *, told: str = ""
) -> Check:
    """Whether the parts sum to the whole; `told` says what the whole is called. What was not measured is no part.

    Judges nothing when one of them is hidden, or when counts are rounded so that sums need not agree.
    """
    known = tidy.all_shown([v for v in (*parts, 0.0 if whole is None else whole) if v is not None])
    if isinstance(known, Hidden):
        return untold(name)
    *terms, total = known
    of = (told or word("said", "total")).format(number(total))
    return judged(evaluation, sum(terms) == total, f"{name}: {added(terms)}; {of}.")


def added(terms: Sequence[float]) -> str:
    """The terms and their sum.

    >>> added([1, 2]), added([])
    ('1 + 2 = 3', '0')
    """
    return f"{' + '.join(map(number, terms))} = {number(sum(terms))}" if terms else "0"


def judged(evaluation: Evaluation, holds: bool, text: str) -> Check:
    """A check; when counts are rounded it says that sums need not agree, and judges nothing."""
    return Check(None, f"{text[:-1]}; {word('hidden', 'rounded')}") if evaluation.is_rounded else Check(holds, text)


def untold(name: str) -> Check:
    """A check that hidden numbers do not allow."""
    return Check(None, f"{name}: {word('hidden', 'check')}")

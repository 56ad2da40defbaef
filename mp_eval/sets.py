"""What a measure counts, as a set of rows: made of another one by a condition, or by a meeting with a third.

From how sets are made follows which lie within others, which are the same, which are apart, and which together hold
another one whole; no data are asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

Values = tuple[bool, frozenset[str]]  # one of these, or (False) none of these
Domains = frozenset[tuple[str, str, frozenset[str]]]  # of a column of a table all values that a row can have

_Known = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True)
class Rows:
    """Rows of a table, counted as they are or as the residents who have one.

    `where` is what their columns hold. `among` are sets of which the resident has a row too, `without` one of which
    not. Of a table that is `once` each resident has one row at most.
    """

    table: str
    where: frozenset[tuple[str, Values]] = frozenset()
    among: frozenset[Rows] = frozenset()
    without: frozenset[Rows] = frozenset()
    once: bool = False

    def only(self, **columns: str | Iterable[str]) -> Rows:
        """Those with one of these values in each of these columns."""
        return self._where({column: (True, _set(some)) for column, some in columns.items()})

    def but(self, **columns: str | Iterable[str]) -> Rows:
        """Those with none of these values in each of these columns."""
        return self._where({column: (False, _set(some)) for column, some in columns.items()})

    def meeting(self, *others: Rows) -> Rows:
        """Those of residents who have a row of each of these sets as well."""
        return replace(self, among=self.among | {*others})

    def lacking(self, *others: Rows) -> Rows:
        """Those of residents who have no row of any of these sets."""
        return replace(self, without=self.without | {*others})

    def _where(self, more: Mapping[str, Values]) -> Rows:
        known = dict(self.where)
        known |= {
            column: _both(known[column], values) if column in known else values for column, values in more.items()
        }
        return replace(self, where=frozenset(known.items()))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.table, self.where, self.among, self.without))

    @cached_property
    def columns(self) -> dict[str, Values]:
        return dict(self.where)

    @cached_property
    def all_met(self) -> list[Rows]:
        """The set itself and all that its residents are among."""
        return [self, *(met for other in self.among for met in other.all_met)]

    @cached_property
    def all_lacking(self) -> list[Rows]:
        return [lacking for met in self.all_met for lacking in met.without]


def _set(values: str | Iterable[str]) -> frozenset[str]:
    return frozenset([values] if isinstance(values, str) else values)


def _both(one: Values, other: Values) -> Values:
    (is_in, some), (is_also_in, more) = one, other
    if is_in and is_also_in:
        return True, some & more
    if is_in or is_also_in:
        return True, some - more if is_in else more - some
    return False, some | more


@cache
def is_part(one: Rows, other: Rows) -> bool:
    """Whether each row of the one is a row of the other, whoever the resident is.

    >>> talks = Rows("talks")
    >>> is_part(talks.only(kind="first", month="1"), talks.only(kind=["first", "closing"]))
    True
    """
    if one.table != other.table:
        return False
    own = one.columns
    return all(column in own and _implies(own[column], values) for column, values in other.where)


def _implies(one: Values, other: Values) -> bool:
    (is_in, some), (is_also_in, more) = one, other
    if is_in:
        return some <= more if is_also_in else some.isdisjoint(more)
    return not is_also_in and more <= some


@cache
def is_within(one: Rows, other: Rows) -> bool:
    """Whether each resident with a row of the one has a row of the other, and of nothing that the other lacks."""
    met, lacking = one.all_met, one.all_lacking
    return all(any(is_part(some, wanted) for some in met) for wanted in other.all_met) and all(
        any(is_part(wanted, some) for some in lacking) for wanted in other.all_lacking
    )


def are_apart(one: Rows, other: Rows, *, as_rows: bool) -> bool:
    """Whether no resident (or no row) is in both."""
    if any(is_within(one, some) for some in other.without) or any(is_within(other, some) for some in one.without):
        return True
    if one.table != other.table or not (one.once or as_rows):
        return False
    own = one.columns
    return any(column in own and _is_none(_both(own[column], values)) for column, values in other.where)


def _is_none(values: Values) -> bool:
    return values == (True, frozenset())


def is_held(one: Rows, others: Sequence[Rows], domains: Domains) -> bool:
    """Whether each resident with a row of the one has a row of one of the others.

    >>> talks = Rows("talks")
    >>> is_held(talks, [talks.only(kind="first"), talks.but(kind="first")], frozenset())
    True
    """
    return not left(one, tuple(others), domains)


@cache
def left(one: Rows, others: tuple[Rows, ...], domains: Domains) -> list[Rows]:
    """What is left of a set without others: as sets of the same table."""
    known = {(table, column): values for table, column, values in domains}
    rest = [_narrowed(one, known)]
    for other in others:
        rest = [piece for some in rest for piece in _without(some, other, known)]
    return [some for some in rest if not any(_is_none(values) for _, values in some.where)]


def _narrowed(one: Rows, domains: _Known) -> Rows:
    """With the values that there are, and without the rows that its residents lack where these say one thing more."""
    for column in one.columns:
        if (known := domains.get((one.table, column))) is not None:
            one = one._where({column: (True, known)})
    for lacking in one.without:
        if is_part(lacking, one):
            extra = [(c, values) for c, values in lacking.where if (c, values) not in one.where]
            if len(extra) == 1:
                one = _not(one, *extra[0], domains)
    return one


def _without(some: Rows, other: Rows, domains: _Known) -> list[Rows]:
    if is_within(some, other):
        return []
    if some.table != other.table or not all(any(is_part(m, w) for m in some.all_met) for w in other.all_met[1:]):
        return [some]
    if other.all_lacking and not all(any(is_part(w, m) for m in some.all_lacking) for w in other.all_lacking):
        return [some]
    pieces, kept = [], some
    for column, values in other.where:
        if not (column in kept.columns and _implies(kept.columns[column], values)):
            pieces.append(_not(kept, column, values, domains))
            kept = kept._where({column: values})
    return [piece for piece in pieces if not any(_is_none(values) for _, values in piece.where)]


def _not(some: Rows, column: str, values: Values, domains: _Known) -> Rows:
    """The rows that hold something else in this column."""
    made = some._where({column: (not values[0], values[1])})
    known = domains.get((some.table, column))
    return made if known is None else made._where({column: (True, known)})

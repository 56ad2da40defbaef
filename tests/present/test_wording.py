"""Words and numbers as a Dutch reader expects them, and a word for everything that may be shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mp_eval import reconcile, tidy
from mp_eval.intake import contract as contracts
from mp_eval.intake.published import CATEGORY_TABLES
from mp_eval.measures.caseload import FILLERS
from mp_eval.present.wording import capital, counted, day, day_in_words, listed, number, percent, word, words
from mp_eval.programme import GROUPS
from mp_eval.tidy import ACTIVITIES, CONVERSATIONS, VARIANTS
from mp_eval.workspace import Workspace

# What a sentence about a line may be filled with; see mp_eval.present.reconciliation.
FIELDS = {
    "published",
    "claimed",
    "found",
    "low",
    "high",
    "gap",
    "doubles",
    "ways",
    "fit",
    "fitting",
    "blank",
    "shared",
    "detail",
    "days",
    "other",
    "part",
    "before",
    "now",
}


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.5, 0, "1"),  # half up, not to even
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (1234.5, 0, "1.235"),
        (1900, 0, "1.900"),
        (1234567, 0, "1.234.567"),
        (0.05, 1, "0,1"),
        (2.675, 2, "2,68"),  # as it is written, not as it is stored
        (14.583333, 1, "14,6"),
        (24, 1, "24,0"),
        (-48, 0, "-48"),
        (-0.4, 0, "0"),
        (0, 0, "0"),
        (None, 0, "–"),
    ],
)
def test_a_number(value: float | None, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


@given(st.integers(-(10**9), 10**9))
def test_a_whole_number_reads_back(value: int) -> None:
    assert int(number(value).replace(".", "")) == value


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (50 / 175, 1, "28,6%"),
        (0.3, 0, "30%"),
        (0.285, 0, "29%"),  # half up: 0.285 * 100 is a little less than 28.5 in floating point
        (0.0005, 1, "0,1%"),
        (1, 1, "100,0%"),
        (1.5, 0, "150%"),
        (0, 1, "0,0%"),
        (None, 1, "–"),
    ],
)
def test_a_percentage(share: float | None, decimals: int, text: str) -> None:
    assert percent(share, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "geen inwoners"), (1, "1 inwoner"), (2, "2 inwoners"), (1900, "1.900 inwoners")]
)
def test_a_count_with_its_noun(value: int, text: str) -> None:
    assert counted(value, "inwoner", "inwoners") == text


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a en b"), (["a", "b", "c"], "a, b en c")]
)
def test_a_list(items: list[str], text: str) -> None:
    assert listed(items) == text


def test_a_day_in_digits() -> None:
    assert day(date(2025, 7, 5)) == "05-07-2025"


def test_a_day_in_words() -> None:
    assert day_in_words(date(2025, 7, 5)) == "5 juli 2025"


@pytest.mark.parametrize(("text", "shown"), [("al bekend", "Al bekend"), ("WSP", "WSP"), ("", "")])
def test_a_capital(text: str, shown: str) -> None:
    assert capital(text) == shown


def test_a_word_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError, match="happiness"):
        word("measure", "happiness")


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("measure", tidy.MEASURES),
        ("breakdown", CATEGORY_TABLES),
        ("category", [*ACTIVITIES, *VARIANTS, *CONVERSATIONS, *GROUPS, *FILLERS, "new", "known"]),
        ("status", reconcile.STATUSES),
    ],
    ids=["measure", "breakdown of the register", "category", "status of a check"],
)
def test_every_code_has_a_word(kind: str, codes: Iterable[str]) -> None:
    assert [code for code in codes if not words()[kind].get(code)] == []


def test_every_table_of_a_delivery_has_a_word(workspace: Workspace) -> None:
    assert {t.name for t in contracts.read(workspace).delivered} <= words()["table"].keys()


def test_every_qualifier_of_the_register_has_a_word(workspace: Workspace) -> None:
    codes = contracts.read(workspace).tables["published"].column("qualifier").codes
    assert {*codes.values(), "none"} == words()["qualifier"].keys()


def test_no_two_categories_share_a_word() -> None:
    shown = list(words()["category"].values())
    assert len(set(shown)) == len(shown)


MISSING = ("no_records", "not_delivered", "hidden")
REASONS = {
    "recomputed": {
        "agrees": ("exact", "about", "more_than", "at_least", "almost", "less_than", "at_most", "between"),
        "untestable": MISSING,
    },
    "restated": dict.fromkeys(("agrees", "differs"), ("again", "otherwise")),
    "parts": {
        "agrees": ("adds_up", "nothing_missing"),
        "differs": ("too_many", "one_too_many"),
        "interval": ("blank_holds_rest", "more_than_one_each", "remainder", "about_remainder"),
    },
    "union": {
        "agrees": ("claim", "claim_overlap"),
        "differs": ("claim", "claim_overlap"),
        "interval": ("claim", "claim_overlap", "within", "within_overlap", "overlap", "no_overlap"),
    },
    "share": {
        "agrees": ("all", "of_total", "pooled"),
        "differs": ("all", "of_total", "pooled"),
        "interval": ("of_total", "pooled"),
        "aside": ("part",),
    },
    "placement": dict.fromkeys(("agrees", "differs", "interval"), ("blank", "unclear")),
    "within": {"differs": ("category", "measure", "to_date", "inside")},
    "flow": {"agrees": ("follows",), "differs": ("follows",), "interval": ("follows", "more_often")},
    "change": dict.fromkeys(("agrees", "differs", "interval"), ("numbers",)),
    "target": dict.fromkeys(("agrees", "differs", "interval"), ("published",)),
    "reached": {"agrees": ("counted",), "differs": ("counted",), "untestable": MISSING},
}
KEYS = {f"{r}.{s}.{why}" for r, by in REASONS.items() for s, whys in by.items() for why in whys}


def test_there_is_a_sentence_for_each_outcome_and_for_no_other() -> None:
    assert words()["reason"].keys() == KEYS | {"recomputed.differs"}


def test_a_sentence_asks_for_nothing_that_a_line_does_not_have() -> None:
    asked = {
        key: {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        for key, template in words()["reason"].items()
    }
    assert {key: names - FIELDS for key, names in asked.items() if names - FIELDS} == {}


def test_every_count_of_a_headline_has_a_singular() -> None:
    tiles = ("spoken", "conversations", "activated", "outflow", "wsp_referral", *(f"trajectories_{w}" for w in _WAYS))
    assert {words()["measure"][m] for m in tiles} <= words()["one"].keys()


_WAYS = ("started", "ended", "running")

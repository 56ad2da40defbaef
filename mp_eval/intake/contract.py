"""The contract between municipality and mp-eval: tables, columns, accepted names, rules.

It is a Frictionless Data Package (`data/raw/datapackage.json`) that other tools read too. What Table Schema has
no word for stands in properties that begin with `mp:`. A municipality widens it in `evaluation.toml`, never here.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from ..faults import Fault, FaultsFound, Reason
from ..programme import Programme
from ..workspace import SETTINGS_FILE, CodeList, TableMapping, Workspace
from . import mappings

STEPS = (
    ("ladder", "step"),
    ("residents", "ladder_step"),
    ("conversations", "step"),
    ("benefits", "entry_step"),
)  # of the ladder
DATE_FORMS = (
    "%d voor de dag, %m voor de maand (%b in letters) en %Y voor het jaar (%y voor een jaar van twee cijfers), met de "
    "tekens die er tussen staan, zoals %d-%m-%Y, %d/%m/%y, %d-%b-%Y, %Y-%m-%d of %Y%m%d"
)


@lru_cache(1 << 14)  # a header is compared with every column, and the same words stand in many rows
def normal(text: str) -> str:
    """A name without case, accents, spaces and punctuation: how headers, files and categories are compared.

    >>> normal(" Datum\\nGesprek. "), normal("Cliëntnr"), normal("zelf zoekers") == normal("Zelfzoekers")
    ('datumgesprek', 'clientnr', True)
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


def _words(text: str) -> str:
    """As `normal`, with a blank between its words."""
    return " ".join(filter(None, map(normal, re.split(r"[\W_]+", text))))


class Days(NamedTuple):
    """The first and the last day of something; None for no end."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class Column:
    """One column: what it is called, what it may hold, and what its values are called in the code."""

    name: str
    title: str
    type: str
    description: str
    required: bool = False
    headers: tuple[str, ...] = ()
    date_format: str = "%d-%m-%Y"
    decimal: str = ","
    codes: Mapping[str, str] = field(default_factory=dict)  # delivered word -> code
    variants: Mapping[str, str] = field(default_factory=dict)  # other spelling -> delivered word, or what was meant
    minimum: float | None = None
    maximum: float | None = None
    identifying: bool = False
    past: bool = False  # may not lie after the extraction
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    valid: Mapping[str, Days] = field(default_factory=dict)  # of codes that were not always in force
    dated: str = ""  # the column with the day on which a code must be in force
    code_list: CodeList | None = None  # delivered beside the table: it says what the codes in this column mean
    listed: frozenset[str] = frozenset()  # the words that this list was found to have
    elsewhere: frozenset[str] = frozenset()  # headers that the municipality has for another column of the table
    own: frozenset[str] = frozenset()  # what alone may be delivered, when the municipality's codes mean something else
    nothing: frozenset[str] = frozenset()  # its words for a blank, in this column alone

    @property
    def is_free(self) -> bool:
        """Whether it holds any text, which pages show as it is."""
        return self.type == "string" and not self.identifying and not self.codes

    def accepts(self, header: str) -> bool:
        """Whether the column may be called so; what a municipality calls another column so is not."""
        name = normal(header)
        return name in self._names and name not in self.elsewhere

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(map(normal, (self.title, self.name, *self.headers)))

    def lookup(self) -> dict[str, str]:
        """Normalised spelling to code, for a column with categories."""
        words = {normal(word): code for word, code in self.codes.items()}
        words |= {normal(v): self.codes[word] for v, word in self.variants.items()}
        return {word: code for word, code in words.items() if not self.own or word in self.own}

    @property
    def in_words(self) -> str:
        """What a value should look like, for a message and for the data dictionary."""
        if self.own:
            return " | ".join(word for word in self.variants if normal(word) in self.own)
        if self.codes:
            return self.words_on(None)
        if self.type == "date":
            return form_in_words(self.date_format)
        if self.type == "boolean":
            return "ja of nee"
        if self.type in ("integer", "number"):
            kind = (
                "een geheel getal"
                if self.type == "integer"
                else f"een getal met {'komma' if self.decimal == ',' else 'punt'}, zoals 8{self.decimal}5"
            )
            low = f" van {self.minimum:g}" if self.minimum is not None else ""
            high = f" tot en met {self.maximum:g}" if self.maximum is not None else (" of meer" if low else "")
            return kind + low + high
        return "tekst"

    def words_on(self, day: date | None) -> str:
        """The words of its list; those of a list of figures that are in force on this day, each with what it means."""
        meant = {word: text for text, word in list(self.variants.items())[::-1]}  # the first of each
        always = Days(None, None)
        valid = {w: self.valid.get(w, always) for w in self.codes if day}
        known = [w for w in self.codes if not day or (valid[w].first or day) <= day <= (valid[w].last or day)]
        return " | ".join(f"{w} ({meant[w]})" if w.isdigit() and w in meant else w for w in known)


def form_in_words(form: str) -> str:
    """How a date is to be written, for who writes it.

    >>> form_in_words("%d-%m-%Y"), form_in_words("%d-%b-%y")
    ('dd-mm-jjjj', 'dd-mmm-jj')
    """
    words = {"%d": "dd", "%m": "mm", "%b": "mmm", "%B": "maand", "%Y": "jjjj", "%y": "jj"}
    return re.sub("|".join(words), lambda found: words[found[0]], form)


@dataclass(frozen=True)
class Table:
    """One table: its grain, key and columns, and the names under which it may be delivered."""

    name: str
    title: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    files: tuple[str, ...]
    required: bool
    missing: frozenset[str]
    refers_to_residents: bool
    order: tuple[tuple[str, str], ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # delivered column -> texts of rows to use
    last: bool = False  # of the same key in several files the last file holds
    join: tuple[str, ...] = ()  # delivered columns: rows that agree in them are one
    public: bool = False  # about nobody: messages show its words as they are
    own: tuple[str, ...] = ()  # of `files` those that the municipality, or the system it uses, calls it by
    use: str = ""  # that system

    @property
    def decimal(self) -> str:
        """The mark for decimals, in all of its columns."""
        return self.columns[0].decimal

    @property
    def identity(self) -> tuple[str, ...]:
        """Who and when: by these columns of the key a later delivery replaces what an earlier one said."""
        return tuple(name for name in self.key if self.column(name).identifying or self.column(name).type == "date")

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    def with_column(self, name: str, **changes: Any) -> Table:
        """The same table, with this of one of its columns changed."""
        return replace(self, columns=tuple(replace(c, **changes) if c.name == name else c for c in self.columns))

    def accepts(self, header: str) -> bool:
        """Whether any of its columns may be called so."""
        return any(c.accepts(header) for c in self.columns)

    def uses(self, header: str) -> bool:
        """Whether something is done with it: it is a column, or rows are chosen or joined by it."""
        return self.accepts(header) or normal(header) in {normal(h) for h in (*self.where, *self.join)}

    def fields(self, header: Iterable[str]) -> frozenset[str]:
        """Which of its columns are under this header, by the names that the code uses."""
        return frozenset(c.name for name in header for c in self.columns if c.accepts(name))

    def is_called(self, name: str) -> bool:
        """Whether this is one of the table's names, and no more than that."""
        return normal(name) in map(normal, (self.title, *self.files))

    def matches(self, name: str) -> bool:
        """Whether a file or sheet of this name holds this table: the name contains one of the table's words."""
        return self.match(name) > 0

    def match(self, name: str) -> int:
        """The length of the longest of the table's words in this name, 0 when it contains none."""
        return len(self.word_in(name))

    def called(self, name: str) -> str:
        """The longest of the municipality's own names for it that stands in this name, as a word or words by itself."""
        return max((own for own in map(_words, self.own) if f" {own} " in f" {_words(name)} "), key=len, default="")

    def word_in(self, name: str) -> str:
        """The longest of the table's words in this name, normalised."""
        return max((normal(f) for f in self.files if normal(f) in normal(name)), key=len, default="")


@dataclass(frozen=True)
class Contract:
    """All tables of a delivery, and the register's."""

    tables: Mapping[str, Table]

    @property
    def delivered(self) -> tuple[Table, ...]:
        """The tables of a period's delivery: all but the register."""
        return tuple(t for t in self.tables.values() if t.name != "published")

    def table_of(self, name: str) -> Table | None:
        """The table that a file or sheet of this name holds: the longest matching word decides."""
        return next(iter(self.tables_of(name)), None)

    def tables_of(self, name: str) -> tuple[Table, ...]:
        """All tables that a file or sheet of this name holds: more than one when they are called by the same word.

        A whole word that is the municipality's own goes before any other: *SZDOS selectie traject* holds benefits.
        """
        if own := max((table.called(name) for table in self.delivered), key=len, default=""):
            return tuple(t for t in self.delivered if t.called(name) == own)
        word = max((table.word_in(name) for table in self.delivered), key=len, default="")
        return tuple(t for t in self.delivered if word and t.word_in(name) == word)

    def also_in(self, name: str) -> tuple[Table, ...]:
        """The tables of which a word stands in this name too, beside the longest word, which decides."""
        chosen = self.tables_of(name)
        if not chosen or chosen[0].called(name):
            return ()
        rest = normal(name).split(chosen[0].word_in(name))
        return tuple(t for t in self.delivered if t not in chosen and any(map(t.word_in, rest)))


def read(workspace: Workspace) -> Contract:
    """The workspace's contract, widened by its settings.

    Raises
    ------
    FaultsFound
        When the file is no data package, or a setting names a table, column or category that it does not have.
    """
    path = workspace.contract
    try:
        package = json.loads(path.read_text(encoding="utf-8-sig"))
        tables = {r["name"]: _table(r) for r in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        detail = f"{type(error).__name__}: {error}"
        raise FaultsFound([Fault(Reason.CONTRACT, workspace.relative(path), found=(detail,))]) from None
    faults: list[Fault] = []
    _chosen(tables, workspace.settings.programme, faults)
    for name, mapping in workspace.settings.intake.items():
        if name not in tables:
            faults.append(_setting(f"intake.{name}", tables))
        else:
            tables[name] = _widened(tables[name], _used(name, mapping, faults), faults)
    if faults:
        raise FaultsFound(faults)
    return Contract(tables)


def _chosen(tables: dict[str, Table], programme: Programme, faults: list[Fault]) -> None:
    """Let the tables hold what this municipality chose: the steps of its ladder, its activities and groups."""
    for name, column in STEPS:
        if name in tables:
            tables[name] = tables[name].with_column(column, maximum=programme.ladder_steps)
    for setting, names, chosen, table, column in (
        ("activities", programme.activities, programme.kinds, "activities", "activity"),
        ("groups", programme.groups, programme.stocks, "caseload", "group"),
    ):
        if not names or table not in tables:
            continue
        kind = tables[table].column(column)
        known, words = set(kind.codes.values()), kind.lookup()
        for name in names:
            if name not in known and normal(name) in words:
                faults.append(_setting(f"programme.{setting}", (words[normal(name)],), name))
        brought = {word: code for word, code in kind.codes.items() if code in chosen}
        codes = {**brought, **{name: name for name in names if name not in known}}
        variants = {other: word for other, word in kind.variants.items() if word in codes}
        tables[table] = tables[table].with_column(column, codes=codes, variants=variants)


def _used(table: str, mapping: TableMapping, faults: list[Fault]) -> TableMapping:
    """What the settings say of a table, over what is brought of the system that they name."""
    if not mapping.use:
        return mapping
    with_it = [name for name, system in mappings.known().items() if table in system.tables]
    if mapping.use not in with_it:
        faults.append(
            _setting(f"intake.{table}.use", with_it or ["geen: voor dit gegeven is er nog niets"], mapping.use)
        )
        return mapping
    return mappings.over(mapping, mappings.known()[mapping.use].tables[table])


def _table(resource: Mapping[str, Any]) -> Table:
    schema = resource["schema"]
    return Table(
        name=resource["name"],
        title=resource["title"],
        grain=resource["description"],
        columns=tuple(_column(f) for f in schema["fields"]),
        key=tuple(schema["primaryKey"]),
        files=tuple(resource["mp:files"]),
        required=resource["mp:required"],
        missing=frozenset(v.casefold() for v in schema["missingValues"]),
        refers_to_residents=bool(schema.get("foreignKeys")),
        order=tuple((first, last) for first, last in schema.get("mp:order", [])),
        public=resource.get("mp:public", False),
    )


def _column(spec: Mapping[str, Any]) -> Column:
    rules = spec.get("constraints", {})
    enum, valid = rules.get("enum", []), spec.get("mp:valid", {})
    return Column(
        name=spec["name"],
        title=spec["title"],
        type=spec["type"],
        description=spec["description"],
        required=rules.get("required", False),
        headers=tuple(spec.get("mp:headers", [])),
        date_format=spec.get("format", "%d-%m-%Y"),
        codes=spec.get("mp:codes", {word: word for word in enum}),
        variants=spec.get("mp:variants", {}),
        minimum=rules.get("minimum"),
        maximum=rules.get("maximum"),
        valid={code: Days(*(day and date.fromisoformat(day) for day in days)) for code, days in valid.items()},
        dated=spec.get("mp:dated", ""),
        identifying=spec.get("mp:identifying", False),
        past=spec.get("mp:past", False),
        true=tuple(spec.get("trueValues", [])),
        false=tuple(spec.get("falseValues", [])),
    )


def _widened(table: Table, mapping: TableMapping, faults: list[Fault]) -> Table:
    """The table with the municipality's own names added; what names nothing is a fault."""
    names = {c.name for c in table.columns}
    in_figures = re.sub("%[bB]", "%m", mapping.date_format.replace("%y", "%Y"))
    if in_figures and sorted(re.findall("%.?", in_figures)) != ["%Y", "%d", "%m"]:
        wrong = _setting(f"intake.{table.name}.date_format", (), mapping.date_format)
        faults.append(replace(wrong, expected=DATE_FORMS))
    if mapping.decimal not in ("", ",", "."):
        faults.append(_setting(f"intake.{table.name}.decimal", (",", "."), mapping.decimal))
    for kind, entries in (("headers", mapping.headers), ("values", mapping.values), ("codes", mapping.codes)):
        faults += [_setting(f"intake.{table.name}.{kind}.{n}", names) for n in entries if n not in names]
    columns = []
    headers = {name: frozenset(map(normal, own)) for name, own in mapping.headers.items()}
    for column in table.columns:
        others = [own for name, own in headers.items() if name != column.name]
        own = mapping.values.get(column.name, {})
        known = {normal(v): word for v, word in column.variants.items()}  # the municipality may write it in another way
        known |= {normal(code): word for word, code in column.codes.items()} | {normal(w): w for w in column.codes}
        words = {own_word: known.get(normal(word), word) for own_word, word in own.items()}
        for own_word, word in words.items():
            if not _can_mean(column, word):
                key = f"intake.{table.name}.values.{column.name}.{own_word}"
                faults.append(replace(_setting(key, column.codes, word), expected=_meanings(column)))
        columns.append(
            replace(
                column,
                headers=(*column.headers, *mapping.headers.get(column.name, ())),
                elsewhere=frozenset().union(*others) - headers.get(column.name, frozenset()),
                variants={**column.variants, **{v: w for v, w in words.items() if w and _can_mean(column, w)}},
                nothing=frozenset(v.casefold() for v, w in words.items() if not w),
                own=frozenset(map(normal, words)) if _is_another_list(column, words) else frozenset(),
                date_format=mapping.date_format or column.date_format,
                decimal=mapping.decimal or column.decimal,
                code_list=mapping.codes.get(column.name),
            )
        )
    if mapping.join and not table.order:
        faults.append(_setting(f"intake.{table.name}.join", ("een gegeven met een begin en een einde",)))
    return replace(
        table,
        columns=tuple(columns),
        files=(*table.files, *(mapping.files or ())),
        own=mapping.files or (),
        missing=table.missing | {v.casefold() for v in mapping.missing or ()},
        where={header: texts for header, texts in mapping.where.items() if texts},
        last=bool(mapping.last),
        join=mapping.join or (),
        use=mapping.use,
    )


def _is_another_list(column: Column, words: Mapping[str, str]) -> bool:
    """Whether a code of the contract means something else here: then what is not said of a code may not be guessed."""
    known = {normal(word): code for word, code in column.codes.items()}
    return any(w and normal(own) in known and known[normal(own)] != column.codes.get(w) for own, w in words.items())


def _can_mean(column: Column, word: str) -> bool:
    """Whether a municipality's own word can stand for this one, or for a blank."""
    if not word:
        return not column.required
    if column.type == "boolean":
        return word.casefold() in (*column.true, *column.false)
    if column.type in ("integer", "number"):
        return bool(re.fullmatch(r"-?\d+", word))
    return bool(word.strip()) and word.isprintable() if column.is_free else word in column.codes


def _meanings(column: Column) -> str:
    """What a municipality's own word may stand for."""
    if column.codes:
        return f"een van: {', '.join(column.codes)}"
    if column.type in ("boolean", "integer", "number"):
        return '"ja" of "nee"' if column.type == "boolean" else 'een geheel getal als tekst, zoals "2"'
    if column.is_free:
        return "een woord of een naam, op één regel"
    return "een kolom met een lijst, met woorden, met ja en nee of met getallen; in deze staat wie of wanneer"


def _setting(key: str, known: Iterable[str], found: str = "") -> Fault:
    return Fault(
        Reason.SETTINGS,
        SETTINGS_FILE,
        column=key,
        found=(found,) if found else (),
        expected=f"een van: {', '.join(known)}",
    )

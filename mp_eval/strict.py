"""A strict reader for TOML: a file as a frozen dataclass, or all that is wrong with it at once, in Dutch."""

from __future__ import annotations

import collections.abc
import re
import tomllib
import typing
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path

from .faults import Fault, FaultsFound, Reason

T = typing.TypeVar("T")
Tell = collections.abc.Callable[[str, object, str], None]  # of a setting: its name, what was found, what was expected
Check = collections.abc.Callable[[T, Tell], None]

# What no document can hold: signs that steer a printer or a terminal, and code points that are no sign at all.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)")
# How tomllib's messages begin, or a word that only they have, and what an analyst has to know.
SYNTAX = (
    (r"twice|overwrite|redefine|mutate|Duplicate", "deze naam staat er al; een naam mag maar één keer"),
    (r"Expected '=' after", "na de naam hoort een =-teken"),
    (r"Expected '\]", "een kop wordt niet gesloten; schrijf [naam] of [[naam]]"),
    (r"Unclosed", "een haakje wordt niet gesloten, of tussen twee waarden ontbreekt een komma"),
    (r"Unterminated|Illegal|Expected ['\"]{3,}", "een aanhalingsteken wordt niet gesloten"),
    (r"Unescaped|[Ee]scape", "schrijf een tekst met een \\ erin tussen enkele aanhalingstekens: 'C:\\map'"),
    (r"date", "deze dag bestaat niet; schrijf een dag als 2025-01-31, zonder aanhalingstekens"),
    (r"Expected newline", "na de waarde staat nog iets; schrijf 2.5 voor een getal, 2025-01-31 voor een dag"),
    (r"Invalid value", "na het =-teken hoort een waarde; een tekst staat tussen aanhalingstekens"),
    (r"", "hier hoort een regel als naam = waarde, of een kop als [naam]"),
)
# What a word processor, a mail or a web page makes of signs that are typed, and what to type.
OF_A_WORD_PROCESSOR = {
    "“”„‟«»": 'hier staan gekrulde aanhalingstekens (“ ”); typ rechte: "',
    "‘’‚‛`´": "hier staan gekrulde aanhalingstekens (‘ ’); typ rechte: ' of \"",
    "–—‐‑−": "hier staat een lang streepje; typ het gewone: -",
    "\u00a0\u202f\u2009": "hier staat een vaste spatie, die uit een ander programma komt; typ een gewone",
}
PLAIN_TEXT = re.compile(r'"(\\.|[^"\\])*"|\'[^\']*\'|#.*')  # what stands between straight quotes, or is a remark


class PartlyRead(FaultsFound):
    """A file with faults; `value` is what could be read of it, with defaults in place of what could not."""

    def __init__(self, faults: collections.abc.Iterable[Fault], value: object) -> None:
        super().__init__(faults)
        self.value = value


class Rule(typing.NamedTuple):
    """What must hold of these values of an entry together; a fault is about the first of them."""

    names: tuple[str, ...]
    holds: collections.abc.Callable[..., object]
    expected: str


def read(path: Path, cls: type[T], *, file: str, reason: Reason, check: Check[T] | None = None) -> T:
    """The file as the frozen dataclass `cls`; `file` is its name in messages.

    `check` tells what cannot be true of what was read. A value that could not be read is None in it, and is told.

    Raises
    ------
    FaultsFound
        With the first line that is no TOML; a `PartlyRead` with every unknown name, missing name, wrong type and value
        that cannot be.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        note = "een teken dat hier niet kan staan; sla het bestand op met de codering UTF-8"
        raise FaultsFound([Fault(reason, file, rows=(line,), note=note)]) from None
    return read_text(text, cls, file=file, reason=reason, check=check)


def read_text(text: str, cls: type[T], *, file: str, reason: Reason, check: Check[T] | None = None) -> T:
    """As `read`, of a text."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultsFound([_no_toml(text, str(error), file, reason)]) from None
    faults: list[Fault] = []

    def fault(key: str, found: object, expected: str) -> None:
        shown = () if found is MISSING or not _may_be_shown(reason) else (_shown(found),)
        faults.append(Fault(reason, file, column=key, found=shown, expected=expected))

    value = _convert(cls, data, "", fault)
    if check is not None:
        check(value, fault)
    if faults:
        raise PartlyRead(faults, _sound(value))
    return typing.cast(T, value)


def obey(entry: object, rules: collections.abc.Iterable[Rule], place: str, fault: Tell) -> None:
    """Tell which rules an entry breaks; of a value that could not be read nothing can be said."""
    for names, holds, expected in rules:
        values = [getattr(entry, name, None) for name in names]
        if None not in values and not holds(*values):
            fault(f"{place}.{names[0]}", values[0], expected)


def _no_toml(text: str, message: str, file: str, reason: Reason) -> Fault:
    """The first line that is no TOML, and why: what comes after it cannot be told apart."""
    at = PLACE.search(message)
    lines = text.splitlines() or [""]
    number = min(int(at["line"]), len(lines)) if at and at["line"] else len(lines)
    outside = PLAIN_TEXT.sub("", lines[number - 1])
    why = next((dutch for signs, dutch in OF_A_WORD_PROCESSOR.items() if set(signs) & set(outside)), "")
    why = why or next(dutch for pattern, dutch in SYNTAX if re.search(pattern, message))
    shown = (CONTROL.sub("\N{REPLACEMENT CHARACTER}", lines[number - 1].strip()),) if _may_be_shown(reason) else ()
    return Fault(reason, file, rows=(number,), found=shown, note=f"{why}; wat daarna komt, is nog niet gelezen")


def _may_be_shown(reason: Reason) -> bool:
    """A correction may quote what identifies a person."""
    return reason is not Reason.CORRECTIONS


def _convert(kind, value, key, fault):  # type: ignore[no-untyped-def]
    """`value` as `kind`; what does not fit is told to `fault` and comes back as None."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if value is MISSING:  # told by who looked for it
        return None
    if type(None) in inner:  # TOML has no null: an optional entry is left out
        return _convert(inner[0], value, key, fault)
    if is_dataclass(kind):
        return _convert_dataclass(kind, value, key, fault)
    if origin is tuple:
        if not isinstance(value, list):
            return fault(key, value, "een lijst [ … ]")
        items = tuple(_convert(inner[0], v, f"{key}[{n}]", fault) for n, v in enumerate(value, 1))
        return items if is_dataclass(inner[0]) or None not in items else None
    if origin is collections.abc.Mapping:
        if not isinstance(value, dict):
            return fault(key, value, "een tabel met namen")
        return {k: _convert(inner[1], v, f"{key}.{k}", fault) for k, v in value.items()}
    words = {
        str: "een tekst",
        int: "een geheel getal",
        float: "een getal, zoals 2.5",
        bool: "true of false",
        date: "een datum, zoals 2025-01-01",
    }
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:  # strict: true is not 1, "2" is not 2, a moment is not a day
        return fault(key, value, words[kind])
    if kind is str and CONTROL.search(value):
        return fault(key, CONTROL.sub("\N{REPLACEMENT CHARACTER}", value), "een tekst zonder stuurtekens")
    return value


def _convert_dataclass(kind, value, key, fault):  # type: ignore[no-untyped-def]
    if not isinstance(value, dict):
        return fault(key, value, "een tabel met namen")
    types_, known = typing.get_type_hints(kind), {f.name: f for f in fields(kind)}
    dotted = f"{key}." if key else ""
    for name in sorted(value.keys() - known.keys()):
        fault(f"{dotted}{name}", MISSING, f"een bekende naam: {', '.join(known)}")
    for name, spec in known.items():
        if name not in value and _needs(spec):
            fault(f"{dotted}{name}", MISSING, "een waarde; deze naam mag niet ontbreken")
            value = {**value, name: MISSING}
    return kind(**{n: _convert(types_[n], v, f"{dotted}{n}", fault) for n, v in value.items() if n in known})


def _sound(value):  # type: ignore[no-untyped-def]
    """What could be read: without the entries of a list or a table that could not, else with the default."""
    if isinstance(value, dict):
        return {name: _sound(v) for name, v in value.items() if v is not None}
    if isinstance(value, tuple):
        return tuple(_sound(v) for v in value if v is not None and not _lacks(v))
    if not is_dataclass(value):
        return value
    kind: typing.Any = type(value)
    return kind(**{f.name: _sound(v) for f in fields(value) if (v := getattr(value, f.name)) is not None or _needs(f)})


def _lacks(value: object) -> bool:
    """Whether an entry has no value where it must."""
    return is_dataclass(value) and any(getattr(value, f.name) is None and _needs(f) for f in fields(value))


def _needs(spec: Field[object]) -> bool:
    return spec.default is MISSING and spec.default_factory is MISSING


def _shown(value: object) -> str:
    """The value as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_shown, value))}]"
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)

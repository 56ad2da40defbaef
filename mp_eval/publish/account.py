"""The page *Verantwoording*: where the data came from, what was kept of it, by which rules, made with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..delivered import Place
from ..evaluation import Evaluation
from ..present import inventory, protection, reconciliation, sentences, tables
from ..present.elements import Remark, Table
from ..present.wording import capital, counted, day, definitions, word
from . import versions
from .frame import Frame, Link, render

INTRO = (
    "Elk cijfer moet zijn na te gaan: van de pagina terug naar de levering. Hier staat welke bestanden zijn geleverd, "
    "wat daarvan is gebruikt, volgens welke regels is geteld en met welke programma’s dat is gedaan."
)


@dataclass(frozen=True)
class Made:
    """A page as it was made: its name, what its notebook was told, and the mark of all that it was made of."""

    name: str
    parameters: str
    run: str


@dataclass(frozen=True)
class Section:
    """A part of the page: paragraphs, rules with a name, tables."""

    id: str
    title: str
    texts: tuple[str, ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()


def page(evaluation: Evaluation, frame: Frame, *, made: Sequence[Made]) -> str:
    """The account of a whole evaluation and of the pages made of it."""
    sections = tuple(_sections(evaluation, made))
    contents = [Link(section.title, f"#{section.id}") for section in sections]
    return render("account.html.j2", frame, intro=INTRO, sections=sections, contents=contents)


def _sections(evaluation: Evaluation, made: Sequence[Made]) -> Iterator[Section]:
    known = {p.id: capital(p.wording()) for p in evaluation.workspace.periods if p.id in evaluation.received}
    yield Section(
        "bronnen",
        "Waar de gegevens vandaan komen",
        (repr(sentences.sources(evaluation)),),
        tables=(_sources(evaluation, known), _files(evaluation, known)),
    )
    kept = tables.deliveries(evaluation)
    if isinstance(kept, Table):
        each = tuple(_deliveries(evaluation, key, name) for key, name in known.items() if evaluation.is_internal)
        title = "Wat is geleverd en gebruikt" if evaluation.is_internal else "Wat is geleverd"
        yield Section("gebruikt", title, tables=(kept, *each))
    yield Section("gepubliceerd", "Eerder gepubliceerde cijfers", (_register(evaluation),))
    yield Section("regels", "Hoe is geteld", rules=tuple(definitions()["rules"].items()))
    yield _protection(evaluation)
    rows = [["mp-eval", versions.library().removeprefix("mp-eval ")], *map(list, versions.packages())]
    yield Section("versies", "Waarmee het is gemaakt", tables=(Table("Programma’s", ["Programma", "Versie"], rows),))
    pages = [[m.name, m.parameters, m.run] for m in made]
    yield Section(
        "uitkomsten",
        "Van welke invoer elke pagina is gemaakt",
        (
            "Het kenmerk volgt uit alle cijfers, de instellingen, het notebook en het programma. Dezelfde invoer geeft "
            "hetzelfde kenmerk, en dezelfde pagina tot op de letter.",
        ),
        tables=(Table("Pagina’s en hun kenmerk", ["Pagina", "Parameters", "Kenmerk"], pages),),
    )


def _protection(evaluation: Evaluation) -> Section:
    """What is hidden and why, and what of it was published earlier."""
    texts = [repr(remark) for remark in protection.account(evaluation)]
    found = None if evaluation.is_internal else protection.already_public(evaluation)
    texts += [repr(found)] if isinstance(found, Remark) else []
    return Section("afscherming", "Kleine aantallen", tuple(texts), tables=(found,) if isinstance(found, Table) else ())


def _sources(evaluation: Evaluation, names: dict[str, str]) -> Table:
    rows = []
    for key, name in names.items():
        source = evaluation.received[key].source
        rows.append(
            [
                name,
                source.producer,
                day(source.extracted),
                day(source.received) if source.received else "–",
                "verzonnen" if source.synthetic else "echt",
            ]
        )
    columns = ["Levering over", "Van", "Gegevens tot en met", "Ontvangen", "Soort gegevens"]
    return Table("De leveringen", columns, rows, numbers=frozenset(columns[2:4]))


def _files(evaluation: Evaluation, names: dict[str, str]) -> Table:
    is_internal = evaluation.is_internal
    rows = [
        [what, name, *told, digest[:16]]
        for key, name in names.items()
        for file, digest in sorted(evaluation.received[key].files.items())
        for what, *told in _places(evaluation.received[key].account, file, is_internal=is_internal)
    ]
    columns = ["Bestand en blad", "Levering over", "Gegeven", "Rijen" if is_internal else "Gelezen"]
    if not is_internal:
        return Table("De geleverde bestanden", columns, [row[:-1] for row in rows], note=word("hidden", "digests"))
    note = "Het kenmerk is het begin van de sha256 van het bestand: verandert er één letter, dan is het anders."
    return Table("De geleverde bestanden", [*columns, "Kenmerk"], rows, note=note)


def _places(account: Iterable[Place], file: str, *, is_internal: bool) -> list[list[str]]:
    """What came of a file, a row a sheet: its name, what was read from it, and of how many rows."""
    own = inventory.told((place for place in account if place.file == file), is_internal=is_internal)
    told = [[inventory.name(p), what, inventory.outcome(p, counts=is_internal)] for p, what in own]
    return told or [[file, "–", "–"]]


def _deliveries(evaluation: Evaluation, period: str, name: str) -> Table:
    found = tables.deliveries(evaluation, period)
    assert isinstance(found, Table)
    return Table(f"{found.caption}, {name[:1].lower()}{name[1:]}", found.columns, found.rows, found.unit, found.numbers)


def _register(evaluation: Evaluation) -> str:
    """As many as the chapters tell: a row of cells is one, and what was not published is none."""
    count = sum(claim.is_published for claim in reconciliation.claims(evaluation))
    if not count:
        return "Er staan geen gepubliceerde cijfers in het register."
    return (
        f"Het register telt {counted(count, 'gepubliceerd cijfer', 'gepubliceerde cijfers')}. "
        f"Documenten: {reconciliation.documents(evaluation)}."
    )

"""Public releases of one workspace keep one rule: laid beside each other, two rules tell what each of them hides.

Of the release in `output`, the earlier ones that are kept, and all that are in the ledger: each says by which rule it
was made.
"""

from __future__ import annotations

from .. import ledger
from ..released import manifest
from ..steps import Refused
from ..workspace import Disclosure, Workspace
from . import place


def of(disclosure: Disclosure) -> list[object] | None:
    """What a manifest says of the rule; None of an internal release, which has none."""
    return None if disclosure.internal else [disclosure.threshold, disclosure.method]


def check(workspace: Workspace) -> None:
    """Look whether a public release keeps the rule of those before it.

    Raises
    ------
    Refused
        When one of them was made by another, and the settings give no reason (`other_rule`); or when the ledger does
        not know one, so that this one would not be protected together with it.
    """
    disclosure = workspace.settings.disclosure
    told = {folder: manifest(folder) for folder in (*place.earlier(workspace), workspace.output)}
    public = {folder: said for folder, said in told.items() if said.get("rule")}
    entered = [entry.said["rule"] for entry in ledger.entries(workspace)]
    now, kept = of(disclosure), [said["rule"] for said in public.values()]
    others = [rule for rule in (*kept, *entered) if rule != now]
    if now and others and not disclosure.other_rule.strip():
        raise Refused(
            f"Een eerdere openbare uitgave is gemaakt met {_said(others[-1])}, deze zou {_said(now)} hebben. Wie beide "
            "naast elkaar legt, kan aantallen uitrekenen die elk van beide verbergt. Zet in evaluation.toml onder "
            '[disclosure] de oude regel terug, of zeg waarom het moet: other_rule = "…".'
        )
    known = ledger.names(workspace)
    if now and (missing := [folder for folder, said in public.items() if said.get("release") not in known]):
        where = workspace.relative(missing[-1])
        raise Refused(
            f"In {where} staat een openbare uitgave die niet in data/ledger staat, het boek van wat openbaar werd. Zet "
            f"de map van die uitgave terug uit een reservekopie. Is zij nooit openbaar gemaakt, haal dan {where} weg."
        )


def _said(rule: list[object]) -> str:
    return f"threshold = {rule[0]} en method = {rule[1]}"

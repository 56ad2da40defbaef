"""Another reader of data packages accepts the contract, and the clean deliveries by it."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from mp_eval.workspace import Workspace

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of frictionless and what it imports, at import only
    import frictionless

CLEAN = {
    "residents": "inwoners.csv",
    "conversations": "gesprekken.csv",
    "benefits": "uitkeringen.csv",
    "caseload": "caseload.csv",
    "client_picture": "klantbeeld.csv",
}


def package(workspace: Workspace) -> dict[str, Any]:
    return json.loads(workspace.contract.read_text(encoding="utf-8"))


def schema(resource: dict[str, Any], header: str) -> dict[str, Any]:
    """The table schema as a delivery carries it: fields under their titles, and no link to a file elsewhere.

    A column that may be missing, and is, is left out: Table Schema has no word for it.
    """
    there = header.split(resource["dialect"]["delimiter"])
    fields = [{**f, "name": f["title"]} for f in resource["schema"]["fields"]]
    fields = [f for f in fields if f["name"] in there or f.get("constraints", {}).get("required")]
    titles = {f["name"]: f["title"] for f in resource["schema"]["fields"]}
    key = [titles[name] for name in resource["schema"]["primaryKey"]]
    return {"fields": fields, "primaryKey": key, "missingValues": resource["schema"]["missingValues"]}


def faults(workspace: Workspace, table: str, folder: Path) -> list[list[Any]]:
    """What frictionless finds wrong with this table's file in the folder."""
    (resource,) = (r for r in package(workspace)["resources"] if r["name"] == table)
    described = {"name": table, "path": CLEAN[table], "dialect": resource["dialect"], "encoding": "utf-8-sig"}
    header = (folder / CLEAN[table]).read_text(encoding="utf-8-sig").splitlines()[0]
    given = {**described, "schema": schema(resource, header)}
    source = frictionless.Resource.from_descriptor(given, basepath=str(folder))
    return source.validate().flatten(["type", "rowNumber", "fieldName"])


def test_the_contract_is_a_data_package(workspace: Workspace) -> None:
    assert [e.note for e in frictionless.Package.metadata_validate(package(workspace))] == []


@pytest.mark.parametrize("table", CLEAN)
def test_a_clean_delivery_satisfies_the_schema(workspace: Workspace, table: str) -> None:
    assert faults(workspace, table, workspace.raw / "2024") == []


def test_a_spoiled_delivery_does_not(workspace: Workspace) -> None:
    path = workspace.raw / "2024" / CLEAN["residents"]
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    *before, _, path_of_resident = lines[3].split(";")
    lines[3] = ";".join([*before, "7", path_of_resident])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    assert faults(workspace, "residents", path.parent) == [["constraint-error", 4, "Trede"]]

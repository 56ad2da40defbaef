#!/usr/bin/env bash
# frictionless 5.21.0: a number with a decimal point is read as a number ten times as large when the point groups.
# A column with decimalChar "," and groupChar ".", as Dutch exports need, takes every point away wherever it stands:
# 8.5 becomes 85 and 1.2.3,4 becomes 123.4, both valid. The group mark is not held to groups of three.
# Seen: a valid report, and 85. So such a column cannot be trusted to refuse a cell that was typed in English.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check frictionless==5.21.0
venv/bin/python -W ignore - >seen <<'PY'
from frictionless import Dialect, Resource, Schema
with open("kosten.csv", "w", encoding="utf-8") as file:
    file.write("kosten;naam\n8.5;a\n1.2.3,4;b\n1.234,50;c\n")
schema = Schema.from_descriptor(
    {"fields": [{"name": "kosten", "type": "number", "decimalChar": ",", "groupChar": "."}, {"name": "naam", "type": "string"}]}
)
dialect = Dialect.from_descriptor({"csv": {"delimiter": ";"}})
print("valid", Resource(path="kosten.csv", schema=schema, dialect=dialect).validate().valid)
with Resource(path="kosten.csv", schema=schema, dialect=dialect) as table:
    print([str(row["kosten"]) for row in table.row_stream])
PY
diff - seen <<'SEEN' && echo "as stated above"
valid True
['85', '123.4', '1234.50']
SEEN

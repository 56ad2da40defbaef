#!/usr/bin/env bash
# pandas 3.1.1 with odfpy 1.4.1: a yes in an OpenDocument sheet is read as a no, unless the sheet was saved in English.
# `read_excel(engine="odf")` looks at the text that is displayed, and takes anything but TRUE as false. A sheet saved by
# a Dutch LibreOffice displays WAAR; the value itself, office:boolean-value="true", is not asked.
# Seen: 0.0 (false) for a true; engine="calamine" (python-calamine 0.9.1) gives 1.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pandas==3.1.1 odfpy==1.4.1 python-calamine==0.9.1
venv/bin/python -W ignore - >seen <<'PY'
import pandas as pd
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
sheet = OpenDocumentSpreadsheet()
table = Table(name="Blad1")
sheet.spreadsheet.addElement(table)
for shown, value in (("WAAR", "true"), ("ONWAAR", "false"), ("TRUE", "true")):
    row, cell = TableRow(), TableCell(valuetype="boolean", booleanvalue=value)
    cell.addElement(P(text=shown))
    row.addElement(cell)
    table.addElement(row)
sheet.save("antwoorden.ods")
for engine in ("odf", "calamine"):
    print(engine, [bool(v) for v in pd.read_excel("antwoorden.ods", engine=engine, header=None)[0]])
PY
diff - seen <<'SEEN' && echo "as stated above"
odf [False, False, True]
calamine [True, False, True]
SEEN

#!/usr/bin/env bash
# python-calamine 0.9.1: a line break within a cell of an OpenDocument sheet is dropped, and the words grow together.
# A break made with Ctrl+Enter is <text:line-break/>. calamine leaves it out; a second paragraph in the same cell does
# become a line, and so does the break when the same cell comes from an .xlsx. pandas with odfpy keeps it.
# Seen: 'zorgtaxi' for two kinds of help in one cell, 'zorg' and 'taxi'.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check python-calamine==0.9.1 odfpy==1.4.1 pandas==3.1.1 xlsxwriter==3.3.1
venv/bin/python -W ignore - >seen <<'PY'
import pandas as pd
import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import LineBreak, P
from python_calamine import CalamineWorkbook
sheet = OpenDocumentSpreadsheet()
table, row = Table(name="Blad1"), TableRow()
sheet.spreadsheet.addElement(table)
table.addElement(row)
broken, two = P(text="zorg"), TableCell(valuetype="string")
broken.addElement(LineBreak())
broken.addText("taxi")
one = TableCell(valuetype="string")
one.addElement(broken)
two.addElement(P(text="zorg"))
two.addElement(P(text="taxi"))
row.addElement(one)
row.addElement(two)
sheet.save("hulp.ods")
with xlsxwriter.Workbook("hulp.xlsx") as book:
    book.add_worksheet("Blad1").write_row(0, 0, ["zorg\ntaxi", "zorg\ntaxi"])
for name in ("hulp.ods", "hulp.xlsx"):
    with CalamineWorkbook.from_path(name) as book:
        print("calamine", name, book.get_sheet_by_name("Blad1").to_python()[0])
print("odf", pd.read_excel("hulp.ods", engine="odf", header=None).values.tolist()[0])
PY
diff - seen <<'SEEN' && echo "as stated above"
calamine hulp.ods ['zorgtaxi', 'zorg\ntaxi']
calamine hulp.xlsx ['zorg\ntaxi', 'zorg\ntaxi']
odf ['zorg\ntaxi', 'zorg\ntaxi']
SEEN

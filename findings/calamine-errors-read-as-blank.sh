#!/usr/bin/env bash
# python-calamine 0.9.1: a cell with an Excel error, and a formula that nobody computed, read as an empty cell.
# #N/A in a column of end dates becomes "no end yet"; nothing in what calamine returns tells it from a blank, in .xlsx and
# .xls alike. The same cell in openpyxl 3.1.5 is '#N/A', and the formula without a value is None with data_only=True.
# Seen: '' for an error, for a formula of which the file holds no value, and for a blank.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check python-calamine==0.9.1 openpyxl==3.1.5 xlsxwriter==3.3.1 xlwt==1.3.0
venv/bin/python -W ignore - >seen <<'PY'
import re
import zipfile
import openpyxl
import xlsxwriter
import xlwt
from python_calamine import CalamineWorkbook
with xlsxwriter.Workbook("computed.xlsx") as book:
    sheet = book.add_worksheet("Blad1")
    sheet.write_string(0, 0, "a")
    sheet.write_formula(0, 1, "=NA()", None, "#N/A")
    sheet.write_formula(0, 2, "=1+1", None, 2)
    sheet.write_string(0, 4, "z")
with zipfile.ZipFile("computed.xlsx") as made, zipfile.ZipFile("end.xlsx", "w") as file:
    for name in made.namelist():  # as a script leaves it: the formula, and no value
        file.writestr(name, re.sub(rb"(<f>1\+1</f>)<v>2</v>", rb"\1", made.read(name)))
old = xlwt.Workbook()
row = old.add_sheet("Blad1").row(0)
row.write(0, "a")
row.set_cell_error(1, 0x2A)  # the code of #N/A
row.write(4, "z")
old.save("end.xls")
for name in ("end.xlsx", "end.xls"):
    with CalamineWorkbook.from_path(name) as book:
        print("calamine", name, book.get_sheet_by_name("Blad1").to_python())
print("openpyxl end.xlsx", [cell.value for cell in openpyxl.load_workbook("end.xlsx", data_only=True)["Blad1"][1]])
PY
diff - seen <<'SEEN' && echo "as stated above"
calamine end.xlsx [['a', '', '', '', 'z']]
calamine end.xls [['a', '', '', '', 'z']]
openpyxl end.xlsx ['a', '#N/A', None, None, 'z']
SEEN

#!/usr/bin/env bash
# openpyxl 3.1.5: a workbook saved as "Strict Open XML" opens without an error and has no sheets.
# It is one of the forms that Excel itself offers when it saves an .xlsx; only the names of the XML vocabularies differ.
# Seen: sheetnames [] and no exception, so a loop over its sheets reads nothing; python-calamine 0.9.1 reads the sheet.
# (The workbook below is written by xlsxwriter 3.3.1 and given the strict vocabulary, as ISO/IEC 29500-1 names it.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check openpyxl==3.1.5 xlsxwriter==3.3.1 python-calamine==0.9.1
venv/bin/python -W ignore - >seen <<'PY'
import zipfile
import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook
with xlsxwriter.Workbook("plain.xlsx") as book:
    book.add_worksheet("Gesprekken").write_row(0, 0, ["Inwoner", "Datum"])
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    b"<workbook ": b'<workbook conformance="strict" ',
}
with zipfile.ZipFile("plain.xlsx") as plain, zipfile.ZipFile("strict.xlsx", "w") as strict:
    for name in plain.namelist():
        text = plain.read(name)
        for old, new in STRICT.items():
            text = text.replace(old, new)
        strict.writestr(name, text)
for name in ("plain.xlsx", "strict.xlsx"):
    with CalamineWorkbook.from_path(name) as book:
        print(name, "openpyxl", openpyxl.load_workbook(name).sheetnames, "calamine", book.sheet_names)
PY
diff - seen <<'SEEN' && echo "as stated above"
plain.xlsx openpyxl ['Gesprekken'] calamine ['Gesprekken']
strict.xlsx openpyxl [] calamine ['Gesprekken']
SEEN

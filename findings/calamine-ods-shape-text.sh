#!/usr/bin/env bash
# python-calamine 0.9.1: in an OpenDocument sheet the text of a drawing is taken for text of the cell that holds it.
# A shape or a text box that is anchored to a cell (draw:custom-shape, draw:frame) stands within that cell in
# content.xml. LibreOffice shows 'zorg' as the cell's text; calamine hands out the words on the drawing as well, so a
# name on it enters the data. The text of a remark (office:annotation) is left out, and so is that of a drawing in a
# cell with no text of its own.
# Seen: 'zorg\nA. Jansen', and 'A. Jansen\nzorg' where the drawing comes first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check python-calamine==0.9.1
venv/bin/python -W ignore - >seen <<'PY'
import zipfile
from python_calamine import CalamineWorkbook
names = {p: f"urn:oasis:names:tc:opendocument:xmlns:{n}:1.0" for p, n in {
    "office": "office", "table": "table", "text": "text", "draw": "drawing", "svg": "svg-compatible"}.items()}
spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in names.items())
name, own = "<text:p>A. Jansen</text:p>", "<text:p>zorg</text:p>"
size = 'svg:width="3cm" svg:height="1cm" svg:x="0cm" svg:y="0cm"'
shape = f'<draw:custom-shape {size}>{name}<draw:enhanced-geometry draw:type="rectangle"/></draw:custom-shape>'
box = f"<draw:frame {size}><draw:text-box>{name}</draw:text-box></draw:frame>"
remark = f"<office:annotation {size}>{name}</office:annotation>"
cells = {"shape after": own + shape, "text box before": box + own, "remark": remark + own, "text": "<text:p>z</text:p>"}
row = "".join(f'<table:table-cell office:value-type="string">{inner}</table:table-cell>' for inner in cells.values())
bare = f"<table:table-cell>{shape}</table:table-cell>"
manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
sheet = "application/vnd.oasis.opendocument.spreadsheet"
with zipfile.ZipFile("hulp.ods", "w") as file:
    file.writestr("mimetype", sheet)
    file.writestr("META-INF/manifest.xml",
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{manifest}" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{sheet}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>')
    file.writestr("content.xml",
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.3">'
        '<office:body><office:spreadsheet><table:table table:name="Blad1">'
        f'<table:table-column table:number-columns-repeated="{len(cells) + 1}"/>'
        f"<table:table-row>{bare}{row}</table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>")
with CalamineWorkbook.from_path("hulp.ods") as book:
    values = book.get_sheet_by_name("Blad1").to_python(skip_empty_area=False)[0]
for kind, value in zip(["shape alone", *cells], values, strict=True):
    print(kind, repr(value))
PY
diff - seen <<'SEEN' && echo "as stated above"
shape alone ''
shape after 'zorg\nA. Jansen'
text box before 'A. Jansen\nzorg'
remark 'zorg'
text 'z'
SEEN

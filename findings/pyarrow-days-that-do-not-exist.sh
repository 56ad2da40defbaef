#!/usr/bin/env bash
# pyarrow 26.0.1: a day that does not exist becomes another day, without an error or a null.
# With a format of one's own (`timestamp_parsers`, `strptime`) 31-02-2024 is read as 2 March and 29-02-2023 as 1 March;
# 32-01-2024 is refused, and so is 31-02-2024 by the parser that is used when no format is given.
# Seen: the output below. So a date with a format is not checked by being read: dates here are parsed by the calendar.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pyarrow==26.0.1
venv/bin/python -W ignore - >seen <<'PY'
import io
import pyarrow as pa, pyarrow.compute as pc, pyarrow.csv as csv
days = ["31-02-2024", "29-02-2023", "31-04-2024", "01-02-2024"]
options = csv.ConvertOptions(timestamp_parsers=["%d-%m-%Y"], column_types={"day": pa.timestamp("s")})
table = csv.read_csv(io.BytesIO("\n".join(["day", *days]).encode()), convert_options=options)
print("read_csv", [str(d.date()) for d in table["day"].to_pylist()])
print("strptime", [str(d.date()) for d in pc.strptime(pa.array(days), format="%d-%m-%Y", unit="s").to_pylist()])
print("32-01", pc.strptime(pa.array(["32-01-2024"]), format="%d-%m-%Y", unit="s", error_is_null=True).to_pylist())
try:
    print(pa.array(["2024-02-31"]).cast(pa.date32()))
except pa.ArrowInvalid:
    print("2024-02-31 without a format: refused")
PY
diff - seen <<'SEEN' && echo "as stated above"
read_csv ['2024-03-02', '2023-03-01', '2024-05-01', '2024-02-01']
strptime ['2024-03-02', '2023-03-01', '2024-05-01', '2024-02-01']
32-01 [None]
2024-02-31 without a format: refused
SEEN

#!/usr/bin/env bash
# pyjstat 2.4.0: the marks of a JSON-stat table are lost; what was suppressed looks like what is not known.
# JSON-stat, the format in which statistical offices answer, has a `status` for each number: why there is none.
# `Dataset.read(...).write("dataframe")` leaves it out, and `write()` of that table makes JSON-stat without it.
# Seen: NaN for a number that was hidden (x) and for one that does not exist (.), no column that tells them apart.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pyjstat==2.4.0 pandas==3.1.1
venv/bin/python -W ignore - >seen <<'PY'
import json
from pyjstat import pyjstat
def side(label, **codes):
    return {"label": label, "category": {"index": list(codes), "label": codes}}
answer = {
    "version": "2.0", "class": "dataset", "id": ["kind", "sex"], "size": [2, 2],
    "dimension": {"kind": side("kind", a="care", b="work"), "sex": side("sex", m="man", v="woman")},
    "value": [12, None, 0, None], "status": {"1": "x", "3": "."},
}
table = pyjstat.Dataset.read(json.dumps(answer)).write("dataframe")
print(table.to_string(index=False))
print("status kept:", "status" in json.loads(pyjstat.Dataset.read(table).write()))
PY
diff - seen <<'SEEN' && echo "as stated above"
kind   sex  value
care   man   12.0
care woman    NaN
work   man    0.0
work woman    NaN
status kept: False
SEEN

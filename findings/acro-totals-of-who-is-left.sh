#!/usr/bin/env bash
# acro 1.0.2: with suppression on, the totals of a table are those of the residents that are left, not of all.
# acro is a disclosure checker for research tables. `crosstab(margins=True)` with `suppress=True` hides a cell of three
# and counts the three out of every total as well; the column is still called All, and nothing says that it is less.
# Seen: 30 + hidden = 30, and 75 residents of 78. Whoever publishes it states a wrong total; tables that keep the true
# totals have to hide a second cell instead.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check acro==1.0.2
venv/bin/python -W ignore - >seen <<'PY'
import logging
import pandas as pd
import acro
logging.disable(logging.CRITICAL)
rows = [("man", "werk")] * 30 + [("man", "zorg")] * 3 + [("vrouw", "werk")] * 20 + [("vrouw", "zorg")] * 25
people = pd.DataFrame(rows, columns=["sex", "kind"])
true = pd.crosstab(people["sex"], people["kind"], margins=True)
safe = acro.ACRO(suppress=True).crosstab(people["sex"], people["kind"], margins=True)
print("all", true["All"].tolist())
print("man", [None if pd.isna(v) else int(v) for v in safe.loc["man"]])
print("published as all", safe["All"].astype(int).tolist())
PY
diff - seen <<'SEEN' && echo "as stated above"
all [33, 45, 78]
man [30, None, 30]
published as all [30, 45, 75]
SEEN

#!/usr/bin/env bash
# pyreadstat 1.3.7: of a time or duration in an SPSS file whole days are lost without a word, and days that show their
# month, quarter or week come as seconds.
# SPSS holds both as a number of seconds and shows TIME and DTIME beyond 24 hours in full (36:00, 3 00:01). pyreadstat
# makes a time of day of them: 36 hours a week become 12:00, 24 hours 00:00, half an hour before (-00:30) 23:30. Of a day
# as DATE11 it makes a day, of the same number as MOYR8, QYR8 or WKYR10 it makes nothing: 13928630400.0 for 1 March 2024.
# Seen: below. What keeps everything is disable_datetime_conversion=True, and one's own count from 14 October 1582.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pyreadstat==1.3.7 pandas==3.1.1
venv/bin/python -W ignore - >seen <<'PY'
import pandas as pd
import pyreadstat

DAY = 13928630400.0  # 1 March 2024 in seconds since 14 October 1582
formats = {"hours": "TIME8", "duration": "DTIME12", "day": "DATE11", "month": "MOYR8", "quarter": "QYR8", "week": "WKYR10"}
cases = pd.DataFrame(
    {"hours": [8 * 3600.0, 36 * 3600.0, 24 * 3600.0, -1800.0], "duration": [8 * 3600.0, 36 * 3600.0, 3 * 86400 + 60.0, 0.0]}
).assign(day=DAY, month=DAY, quarter=DAY, week=DAY)
pyreadstat.write_sav(cases, "cases.sav", variable_format=formats)
for words in ({}, {"disable_datetime_conversion": True}):
    read, about = pyreadstat.read_sav("cases.sav", **words)
    assert about.original_variable_types == formats
    for name in ("hours", "duration"):
        print(name, *read[name])
    print(*read.loc[0, ["day", "month", "quarter", "week"]])
PY
diff - seen <<'SEEN' && echo "as stated above"
hours 08:00:00 12:00:00 00:00:00 23:30:00
duration 08:00:00 12:00:00 00:01:00 00:00:00
2024-03-01 13928630400.0 13928630400.0 13928630400.0
hours 28800.0 129600.0 86400.0 -1800.0
duration 28800.0 129600.0 259260.0 0.0
13928630400.0 13928630400.0 13928630400.0 13928630400.0
SEEN

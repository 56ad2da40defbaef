#!/usr/bin/env bash
# statsmodels 0.15.0: with freq_weights a survival curve is right and its standard error is not.
# `SurvfuncRight(time, status, freq_weights=w)` gives the probabilities and the numbers at risk of the rows repeated w
# times, but standard errors of something else, here up to 4.6 times too large, without a warning.
# Seen: the curves equal, the standard errors of the last event 0.5091 (weights) and 0.1116 (the same rows repeated, which
# is Greenwood's formula). Counts in a table have to be repeated before an interval is made of them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check statsmodels==0.15.0
venv/bin/python -W ignore - >seen <<'PY'
import numpy as np
from statsmodels.duration.survfunc import SurvfuncRight
time, status = np.array([1, 2, 2, 3, 4, 5, 5, 6]), np.array([1, 0, 1, 1, 0, 1, 1, 0])
weights = np.array([2, 1, 3, 1, 1, 2, 1, 1])
short = SurvfuncRight(time, status, freq_weights=weights)
long = SurvfuncRight(np.repeat(time, weights), np.repeat(status, weights))
at_risk, events = np.array([12, 10, 6, 4]), np.array([2, 3, 1, 3])
greenwood = long.surv_prob * np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
for name, curve in (("weights", short), ("repeated", long)):
    print(name, curve.n_risk.astype(int).tolist(), curve.surv_prob.round(4).tolist(), curve.surv_prob_se.round(4).tolist())
print("Greenwood", greenwood.round(4).tolist())
PY
diff - seen <<'SEEN' && echo "as stated above"
weights [12, 10, 6, 4] [0.8333, 0.5833, 0.4861, 0.1215] [0.1179, 0.2095, 0.2677, 0.5091]
repeated [12, 10, 6, 4] [0.8333, 0.5833, 0.4861, 0.1215] [0.1076, 0.1423, 0.1481, 0.1116]
Greenwood [0.1076, 0.1423, 0.1481, 0.1116]
SEEN

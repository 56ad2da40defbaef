#!/usr/bin/env bash
# lifelines 0.30.3 and statsmodels 0.15.0: two medians of the same four durations, 2 and 3.
# Where the survival curve is exactly one half over a stretch, lifelines gives its beginning and statsmodels its end;
# the middle (2.5), which R's survfit prints, is given by neither. With small groups and whole months this is common.
# Seen: durations 1, 2, 3 and 4, all ended; both curves are 0.75, 0.5, 0.25, 0. A page that states a median has to say
# which of these it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check lifelines==0.30.3 statsmodels==0.15.0
venv/bin/python -W ignore - >seen <<'PY'
import numpy as np
from lifelines import KaplanMeierFitter
from statsmodels.duration.survfunc import SurvfuncRight
months, ended = np.array([1, 2, 3, 4]), np.ones(4)
ours, theirs = KaplanMeierFitter().fit(months, ended), SurvfuncRight(months, ended)
print("lifelines", ours.survival_function_["KM_estimate"].round(2).tolist()[1:], float(ours.median_survival_time_))
print("statsmodels", theirs.surv_prob.round(2).tolist(), float(theirs.quantile(0.5)))
PY
diff - seen <<'SEEN' && echo "as stated above"
lifelines [0.75, 0.5, 0.25, 0.0] 2.0
statsmodels [0.75, 0.5, 0.25, 0.0] 3.0
SEEN

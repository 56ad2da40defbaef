"""Protection: the one gate between measures and everything that is printed or drawn.

Small counts are not hidden yet. So real records only pass when the run is declared internal, and then every page
says so; synthetic records hold nobody and pass.
"""

from __future__ import annotations

import pandas as pd

from ..faults import Fault, FaultsFound, Reason
from ..workspace import SETTINGS_FILE


def protect(measures: pd.DataFrame, *, internal: bool, synthetic: bool) -> pd.DataFrame:
    """The measures that may be shown.

    Raises
    ------
    FaultsFound
        When the records are real and the run is not declared internal.
    """
    if not internal and not synthetic:
        raise FaultsFound([Fault(Reason.UNPROTECTED, SETTINGS_FILE, column="disclosure.internal", found=("false",))])
    return measures

"""Execute: notebooks run with parameters, and the processes that they run in. It knows neither resident nor page."""

import sys

# jsonschema builds a grammar for addresses with this package whenever it is installed (JupyterLab brings it), which
# takes two seconds at every start; without it, jsonschema leaves that one format unchecked. No notebook has any.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

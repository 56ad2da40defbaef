#!/usr/bin/env bash
# papermill 2.7.0: `-p period 2024_2025` hands the notebook the number 20242025.
# A value on the command line is a number when Python's int() or float() takes it, and int() skips single underscores.
# Seen: 20242025, an int; so a school year, or a code as 01_02, loses its shape without a word. 2024-2025 stays a text.
# `-r` hands over what was typed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check papermill==2.7.0 ipykernel==7.4.0 nbformat==5.11.1
venv/bin/python - <<'PY'
import nbformat
cell = nbformat.v4.new_code_cell('period = ""', metadata={"tags": ["parameters"]})
notebook = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_code_cell("print(repr(period))")])
notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
nbformat.write(notebook, "asked.ipynb")
PY
venv/bin/python -m ipykernel install --prefix venv --name python3 >/dev/null 2>&1
for how in "-p 2024_2025" "-p 01_02" "-p 2024-2025" "-r 2024_2025"; do
    set -- $how
    JUPYTER_PATH="$folder/venv/share/jupyter" venv/bin/papermill --no-progress-bar "$1" period "$2" asked.ipynb told.ipynb 2>/dev/null
    echo "$how: $(venv/bin/python -c 'import nbformat; print(nbformat.read("told.ipynb", 4).cells[-1].outputs[0].text.strip())')"
done >seen
diff - seen <<'SEEN' && echo "as stated above"
-p 2024_2025: 20242025
-p 01_02: 102
-p 2024-2025: '2024-2025'
-r 2024_2025: '2024_2025'
SEEN

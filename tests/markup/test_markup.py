"""The pages by two checkers of markup: html-validate, and vnu, which is the W3C's. They need Node and Java.

`make test-long` installs them from `package-lock.json`. What they find and is no fault stands in `LISTED`, with its
reason; what stands there and is found no more is a fault of the list.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import long

from mp_eval.workspace import Workspace

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
LISTED = {
    "html-validate": {
        r"long-title: ": "the title is the question, the period and the municipality; a tab cuts it",
    },
    "vnu": {
        r"CSS: “container-type”: Property “container-type” doesn't exist": "it does: CSS Containment 3",
        r"CSS: Unrecognized at-rule “@container”": "the same",
        r"Inline style violates Content Security Policy": "the policy names its digest, which vnu does not read",
        r"image “data:.*blocked by “img-src”": "the policy allows data:, which vnu does not see in a srcset",
    },
}
COMMANDS = {
    "html-validate": ["node", str(MODULES / "html-validate" / "bin" / "html-validate.mjs")],
    "vnu": ["java", "-Xss4m", "-jar", str(VNU), "--format", "json", "--exit-zero-always"],
}


def found(checker: str, pages: list[Path], told: Path) -> list[str]:
    """What a checker finds: the page, then the rule or the message; `told` is a file for what it says."""
    command = [*COMMANDS[checker], *([] if checker == "vnu" else ["--formatter", f"json={told}"]), *map(str, pages)]
    done = subprocess.run(command, cwd=HERE, capture_output=True, encoding="utf-8", check=False)
    if checker == "vnu":
        messages = json.loads(done.stdout or done.stderr)["messages"]
        return [f"{m['url'].rpartition('/')[2]}: {m['message']}" for m in messages]
    files = json.loads(told.read_text(encoding="utf-8"))
    return [f"{Path(f['filePath']).name}: {m['ruleId']}: {m['message']}" for f in files for m in f["messages"]]


def lacking(checker: str) -> str:
    """Why it cannot be asked; '' when it can."""
    program = COMMANDS[checker][0]
    if not shutil.which(program):
        return f"there is no {program} on this machine"
    return "" if MODULES.is_dir() else "the checkers are not installed: npm ci --prefix tests/markup"


@pytest.mark.slow
@pytest.mark.parametrize("checker", [long(name) for name in COMMANDS])
def test_what_a_checker_finds_is_listed_with_its_reason(checker: str, released: Workspace, tmp_path: Path) -> None:
    if (reason := lacking(checker)) and not os.environ.get("CI"):
        pytest.skip(reason)
    pages = [path for path in sorted(released.output.rglob("*.html")) if "releases" not in path.parts]
    said = found(checker, pages, tmp_path / "told.json")
    listed: Mapping[str, str] = LISTED[checker]
    assert [line for line in said if not any(re.search(pattern, line) for pattern in listed)] == []
    assert [pattern for pattern in listed if not any(re.search(pattern, line) for line in said)] == []

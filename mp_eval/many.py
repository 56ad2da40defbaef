"""Many workspaces at once through one executor, each on its own: one municipality's fault does not touch another's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from . import lock
from . import workspace as places
from .execute.parameters import ParameterError
from .faults import FaultsFound
from .publish import release, unchanged
from .publish.leaves import leaves
from .publish.release import Pool, Report

AT_ONCE = 8  # workspaces that are under way; their work shares the executor, which decides how much runs


def run_all(roots: Sequence[Path], given: Mapping[str, str], *, pool: Pool) -> Iterator[tuple[Path, Report | str]]:
    """Run every workspace; each report as it is ready, or a sentence when the workspace could not be run at all."""
    coordinators = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="werkmap")
    try:
        running = {coordinators.submit(_run, root, given, pool): root for root in roots}
        for future in as_completed(running):
            yield running.pop(future), future.result()
    finally:
        coordinators.shutdown(wait=False, cancel_futures=True)


def _run(root: Path, given: Mapping[str, str], pool: Pool) -> Report | str:
    try:
        workspace = places.find(root)
        names = [p.id for p in workspace.periods]
        if not names:
            return "er staat nog geen periode in evaluation.toml"
        if unchanged.is_so(workspace, given):
            return Report()
        report = release.run(workspace, leaves(workspace, names, given), names, pool=pool)
        if report.seen:
            unchanged.note(workspace, given, report.seen)
        return report
    except FaultsFound as error:
        return "\n".join(map(str, error.faults))
    except (ParameterError, lock.Busy) as error:
        return str(error)
    except Exception as error:  # whatever it is, the others go on
        return f"onverwachte fout: {type(error).__name__}: {error}"

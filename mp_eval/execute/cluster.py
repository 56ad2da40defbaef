"""The executor of several machines: a dask cluster, reached with TLS and with nothing else.

A scheduler listens to everybody and has no password, so an address without TLS is refused. The workers see the same
folders as this machine (a shared disk) and have the same mp-eval; both are asked before any work goes out. On each
worker the work is done as on one machine, in forks of a warm process. When a worker is lost, dask gives what it was
doing to another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from ..digests import DATA, PACKAGE, Digests, installed, of
from .local import Local

T = TypeVar("T")
CODE = DATA | {".py"}
PATIENCE = 30  # seconds to reach the scheduler
_lock = threading.Lock()


class ClusterError(Exception):
    """The cluster cannot be used; the message says why and what to do."""


class Cluster(Executor):
    """Calls on the workers of a dask cluster, one at a time for each thread of a worker.

    Raises
    ------
    ClusterError
        When the address is not TLS, a certificate is missing, nobody answers, or a worker has other code.
    """

    def __init__(
        self,
        address: str,
        *,
        ca: Path | None,
        cert: Path | None,
        key: Path | None,
        stages: Sequence[Sequence[str]],
        engine: str = "fork",
    ) -> None:
        self.engine = engine
        self._client = _connect(address, ca, cert, key)
        self._stages = tuple(map(tuple, stages))
        self._code = code()
        try:
            _agree(self._client)
            self._executor = self._client.get_executor(pure=False)
        except BaseException:
            self._client.close()
            raise

    @property
    def at_once(self) -> int:
        """The threads of all workers; they come and go."""
        return max(1, sum(self._client.nthreads().values()))

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return self._executor.submit(_on_worker, self._stages, self.engine, self._code, fn, args, kwargs)

    def after(self, stages: int, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """As `submit`: a worker imports every stage before its first call."""
        return self.submit(fn, *args, **kwargs)

    def warm(self) -> None:
        """The workers are already there."""

    def prepare(self, fn: Callable[..., object], /, *args: Any) -> None:
        """Which worker does what is not known: each does what it needs itself."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait=wait and not cancel_futures)  # without waiting, dask cancels
        self._client.close()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.shutdown(cancel_futures=kind is not None)


def code() -> str:
    """The digest of this mp-eval and of all packages beside it: what all machines of a cluster must share."""
    digests = Digests(Path())
    ours = {p.relative_to(PACKAGE).as_posix(): digests.file(p) for p in sorted(PACKAGE.rglob("*")) if p.suffix in CODE}
    return of([ours, sorted(Path(name).name for name in installed())])


def _connect(address: str, ca: Path | None, cert: Path | None, key: Path | None) -> Any:
    if not address.startswith("tls://"):
        raise ClusterError(f"{address} is geen adres met TLS; geef --cluster tls://computer:poort")
    if not (ca and cert and key):
        raise ClusterError("een cluster vraagt --tls-ca, --tls-cert en --tls-key; zonder TLS kan iedereen meelezen")
    try:
        from distributed import Client
        from distributed.security import Security
    except ImportError:
        raise ClusterError("voor een cluster is dask nodig: pip install 'mp-eval[cluster]'") from None
    security = Security(
        tls_ca_file=str(ca), tls_client_cert=str(cert), tls_client_key=str(key), require_encryption=True
    )
    try:
        return Client(address, security=security, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            f"geen antwoord van {address} ({error}); is de scheduler gestart, met dit certificaat?"
        ) from None


def _agree(client: Any) -> None:
    """Refuse workers with other code, whose pages would differ from those of this machine."""
    try:
        found = client.run(code)
    except Exception as error:  # whatever a worker without this package raises
        raise ClusterError(f"een worker kan mp-eval niet gebruiken ({error}); installeer overal dezelfde") from None
    if not found:
        raise ClusterError("het cluster heeft geen workers")
    if others := sorted(address for address, theirs in found.items() if theirs != code()):
        raise ClusterError(f"een andere versie van mp-eval op {', '.join(others)}; installeer overal dezelfde")


def _on_worker(
    stages: tuple[tuple[str, ...], ...], engine: str, of_client: str, fn: Callable[..., T], args: Any, kwargs: Any
) -> T:
    """On a worker: do the call in a fork of this worker's own warm process, which has the client's code."""
    from distributed import get_worker

    with _lock:
        local = _local(stages, engine, of_client, get_worker().state.nthreads)
    try:
        return local.submit(fn, *args, **kwargs).result()
    except BrokenExecutor:  # the warm process is gone: the next call gets another
        with _lock:
            _local.cache_clear()
        raise


@cache
def _local(stages: tuple[tuple[str, ...], ...], engine: str, of_client: str, threads: int) -> Local:
    return Local(at_once=threads, stages=stages, engine=engine)

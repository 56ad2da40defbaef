"""A small dask cluster on this machine, with TLS and certificates of its own: for tests and benchmarks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Running:
    """Where it is, with what it can be reached, and its workers."""

    address: str
    certificate: Path
    workers: Sequence[subprocess.Popen[bytes]]

    @property
    def options(self) -> list[str]:
        """For the command line of mp-eval."""
        names = {"--tls-ca": "ca", "--tls-cert": "cert", "--tls-key": "key"}
        files = [word for name, part in names.items() for word in (name, str(self.certificate / f"{part}.pem"))]
        return ["--cluster", self.address, *files]


@contextmanager
def cluster(folder: Path, *, workers: int = 2, code: Path | None = None) -> Iterator[Running]:
    """Start a scheduler and workers, and end them afterwards."""
    from distributed.security import Security  # only of the long run, and its import takes as long as a whole test

    security = Security.temporary()
    parts = {"ca": security.tls_ca_file, "cert": security.tls_client_cert, "key": security.tls_client_key}
    for name, text in parts.items():
        (folder / f"{name}.pem").write_text(text)
    options = ["--tls-ca-file", "ca.pem", "--tls-cert", "cert.pem", "--tls-key", "key.pem", "--no-dashboard"]
    environment = {**os.environ, "PYTHONPATH": str(code or Path(__file__).resolve().parent.parent)}

    def start(*words: str) -> tuple[subprocess.Popen[bytes], Path]:
        command, log = [sys.executable, "-m", *words, *options], folder / f"{len(started)}.log"
        with log.open("w") as said:
            return subprocess.Popen(command, cwd=folder, env=environment, stderr=said), log

    started: list[subprocess.Popen[bytes]] = []
    try:
        scheduler, log = start(
            "distributed.cli.dask_scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", "0"
        )
        started.append(scheduler)
        address = _told(log, r"Scheduler at: *(tls://\S+)")
        for _ in range(workers):
            words = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
            worker, log = start("distributed.cli.dask_worker", address, *words)
            started.append(worker)
            _told(log, r"Registered to: *(tls://\S+)")
        yield Running(address, folder, started[1:])
    finally:
        for process in reversed(started):  # a worker without a scheduler does not end by itself
            process.kill()
            process.wait()


def _told(log: Path, pattern: str) -> str:
    """What a process says of itself when it is ready."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if match := re.search(pattern, log.read_text(encoding="utf-8")):
            return match[1]
        time.sleep(0.05)
    raise RuntimeError(log.read_text(encoding="utf-8"))

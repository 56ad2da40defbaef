"""A small dask cluster on this machine, with TLS and certificates of its own: for tests and benchmarks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from distributed.security import Security


@dataclass(frozen=True)
class Running:
    """Where it is, with what it can be reached, and its workers."""

    address: str
    certificate: Path
    workers: Sequence[subprocess.Popen[str]]

    @property
    def options(self) -> list[str]:
        """For the command line of mp-eval."""
        names = {"--tls-ca": "ca", "--tls-cert": "cert", "--tls-key": "key"}
        files = [word for name, part in names.items() for word in (name, str(self.certificate / f"{part}.pem"))]
        return ["--cluster", self.address, *files]


@contextmanager
def cluster(folder: Path, *, workers: int = 2, code: Path | None = None) -> Iterator[Running]:
    """Start a scheduler and workers, and end them afterwards."""
    security = Security.temporary()
    parts = {"ca": security.tls_ca_file, "cert": security.tls_client_cert, "key": security.tls_client_key}
    for name, text in parts.items():
        (folder / f"{name}.pem").write_text(text)
    options = ["--tls-ca-file", "ca.pem", "--tls-cert", "cert.pem", "--tls-key", "key.pem", "--no-dashboard"]
    environment = {**os.environ, "PYTHONPATH": str(code or Path(__file__).resolve().parent.parent)}

    def start(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", *words, *options]
        return subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)

    started = [start("distributed.cli.dask_scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", "0")]
    try:
        address = _told(started[0], r"Scheduler at: *(tls://\S+)")
        for _ in range(workers):
            words = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
            started.append(start("distributed.cli.dask_worker", address, *words))
        for worker in started[1:]:
            _told(worker, r"Registered to: *(tls://\S+)")
        yield Running(address, folder, started[1:])
    finally:
        for process in reversed(started):  # a worker without a scheduler does not end by itself
            process.kill()
            process.wait()


def _told(process: subprocess.Popen[str], pattern: str) -> str:
    """What the process says of itself when it is ready; the rest of what it says is read and left."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if match := re.search(pattern, line):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return match[1]
    raise RuntimeError("".join(said))

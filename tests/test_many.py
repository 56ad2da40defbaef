"""Many municipalities through one executor, on this machine or on a cluster: each on its own, none lost."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from clusters import Running, cluster
from commands import mp_eval
from conftest import files, two_notebooks

from mp_eval.workspace import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def municipalities(tmp_path_factory: pytest.TempPathFactory, little: Workspace) -> Path:
    """Three workspaces that nothing has been made of yet; of one the deliveries have faults, one has no settings."""
    folder = tmp_path_factory.mktemp("gemeenten")
    for name in ("aa", "bb", "cc"):
        (folder / name / "data").mkdir(parents=True)
        shutil.copytree(little.raw, folder / name / "data" / "raw")
        shutil.copy(little.root / "evaluation.toml", folder / name)
        two_notebooks(folder / name)
    for period in ("2023", "2024"):
        (folder / f"bb/data/raw/{period}/gesprekken.csv").write_text("geen kop\n", encoding="utf-8")
    (folder / "geen-werkmap").mkdir()
    (folder / "dd").mkdir()
    (folder / "dd/evaluation.toml").write_text("[municipality]\nnaam = 1\n", encoding="utf-8")
    return folder


@pytest.fixture
def again(municipalities: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(municipalities, tmp_path / "gemeenten"))


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def all_made_but_the_faulty(folder: Path, little: Workspace, said: str) -> None:
    for name in ("aa", "cc"):
        assert files(folder / name / "output") == files(little.output)
    assert not (folder / "bb/output/index.html").exists()
    assert "bb: geen nieuwe uitgave" in said
    assert "Traceback" not in said
    assert "data/raw/2024/gesprekken.csv" in said
    assert "instelling ‘municipality.naam’" in said


def test_every_workspace_is_run_and_a_fault_touches_no_other(again: Path, little: Workspace) -> None:
    """One of them made before, elsewhere; of the other nothing has been made yet."""
    shutil.copytree(little.root, again / "cc", dirs_exist_ok=True)
    done = mp_eval("run", "--workspaces", f"{again}/*", workspace=again)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "2 van 4 werkmappen bij.")
    all_made_but_the_faulty(again, little, done.stderr)
    once_more = mp_eval("run", "--workspaces", f"{again}/[ac]*", workspace=again)
    assert (once_more.returncode, once_more.stdout.count("was al bij")) == (0, 2)


def test_a_pattern_that_finds_nothing_is_wrong_use(tmp_path: Path) -> None:
    done = mp_eval("run", "--workspaces", f"{tmp_path}/*", workspace=tmp_path)
    assert (done.returncode, "geen map met evaluation.toml" in done.stderr) == (2, True)


@pytest.mark.long
def test_a_cluster_makes_the_same(again: Path, little: Workspace, dask: Running) -> None:
    done = mp_eval("run", "--workspaces", f"{again}/*", *dask.options, workspace=again)
    assert done.returncode == 1
    all_made_but_the_faulty(again, little, done.stderr)


@pytest.mark.parametrize(
    ("address", "with_certificates", "said"),
    [
        ("tcp://127.0.0.1:1", True, "geen adres met TLS"),
        ("tls://127.0.0.1:1", False, "vraagt --tls-ca, --tls-cert en --tls-key"),
    ],
)
def test_a_cluster_without_tls_is_refused(
    again: Path, tmp_path: Path, address: str, with_certificates: bool, said: str
) -> None:
    for part in ("ca", "cert", "key"):
        (tmp_path / f"{part}.pem").touch()
    options = Running(address, tmp_path, []).options if with_certificates else ["--cluster", address]
    done = mp_eval("run", *options, workspace=again / "aa")
    assert (done.returncode, said in done.stderr) == (2, True)
    assert not (again / "aa/output").exists()


@pytest.mark.long
def test_somebody_with_another_certificate_is_kept_out(again: Path, dask: Running, tmp_path: Path) -> None:
    from distributed.security import Security

    other = Security.temporary()
    for name, text in {"cert": other.tls_client_cert, "key": other.tls_client_key}.items():
        (tmp_path / f"{name}.pem").write_text(text)
    options = ["--tls-ca", str(dask.certificate / "ca.pem")]
    options += ["--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")]
    environment = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}
    done = mp_eval("run", "--cluster", dask.address, *options, workspace=again / "aa", **environment)
    assert (done.returncode, "geen antwoord van" in done.stderr) == (2, True)


@pytest.mark.long
def test_workers_with_other_code_are_refused(again: Path, tmp_path: Path) -> None:
    code = Path(shutil.copytree(Path(__file__).parents[1] / "mp_eval", tmp_path / "code" / "mp_eval"))
    (code / "tidy.py").write_text((code / "tidy.py").read_text(encoding="utf-8") + "\n# anders\n", encoding="utf-8")
    (tmp_path / "cluster").mkdir()
    with cluster(tmp_path / "cluster", workers=1, code=code.parent) as running:
        done = mp_eval("run", *running.options, workspace=again / "aa")
    assert (done.returncode, "een andere versie van mp-eval" in done.stderr) == (2, True)


@pytest.mark.long
def test_what_a_lost_worker_was_doing_is_done_elsewhere(again: Path, little: Workspace, tmp_path: Path) -> None:
    import subprocess
    import sys

    root = Path(__file__).parents[1]
    (tmp_path / "cluster").mkdir()
    with cluster(tmp_path / "cluster") as running:
        command = [sys.executable, "-m", "mp_eval.cli", "run", "--workspaces", f"{again}/*", *running.options]
        environment = {**os.environ, "PYTHONPATH": str(root)}
        with subprocess.Popen(
            command, cwd=again, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        ) as run:
            end = time.monotonic() + 60
            while not list(again.glob("*/.mp-eval/built/*/*.journal")):
                assert (run.poll(), time.monotonic() < end) == (None, True)
                time.sleep(0.02)
            below = psutil.Process(running.workers[0].pid).children(recursive=True)
            running.workers[0].kill()
            _, said = run.communicate(timeout=120)
    assert run.returncode == 1
    all_made_but_the_faulty(again, little, said)
    assert psutil.wait_procs(below, timeout=10)[1] == []

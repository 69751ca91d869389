"""What an environment says besides versions: where packages came from, containers, switches, threads, variables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import trackside
from trackside.capture.environment import probe as environment
from trackside.capture.environment.container import Container, capture_container
from trackside.capture.environment.packages import locked_requirements
from trackside.capture.environment.probe import Asked, look_again, start_environment_probe
from trackside.capture.environment.switches import read_blas, read_variables

if TYPE_CHECKING:
    from trackside.records import Environment

PATIENCE = 60.0
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def _new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_known", environment._KnownEnvironment())


def seen(folder: Path, asked: Asked | None = None) -> Environment:
    found = start_environment_probe(folder, asked).result(PATIENCE)
    assert found is not None
    return found


def install(site: Path, name: str, direct: Any = None) -> None:
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    if direct is not None:
        (info / "direct_url.json").write_text(direct if isinstance(direct, str) else json.dumps(direct))


@pytest.mark.parametrize(
    ("direct", "line"),
    [
        (None, "pkg==1.0"),
        ({"url": "file:///home/ada/pkg", "dir_info": {"editable": True}}, "-e file:///home/ada/pkg"),
        ({"url": "file:///home/ada/pkg", "dir_info": {}}, "pkg @ file:///home/ada/pkg"),
        (
            {"url": "https://ada:pa55@host/pkg.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"pkg @ git+https://<redacted>@host/pkg.git@{COMMIT}",
        ),
        (
            {"url": "https://host/p", "vcs_info": {"vcs": "git", "commit_id": COMMIT}, "subdirectory": "a"},
            f"pkg @ git+https://host/p@{COMMIT}#subdirectory=a",
        ),
        (
            {"url": "https://host/p.whl", "archive_info": {"hashes": {"sha256": "00ff"}}},
            "pkg @ https://host/p.whl#sha256=00ff",
        ),
        ("{broken", "pkg==1.0"),
        ([1], "pkg==1.0"),
    ],
)
def test_packages_are_locked_as_they_were_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, direct: Any, line: str
) -> None:
    install(tmp_path / "site-packages", "pkg", direct)
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    assert line in locked_requirements(seen(tmp_path))


@pytest.mark.parametrize(
    ("files", "variables", "container"),
    [
        ({}, {}, Container()),
        ({".dockerenv": ""}, {}, Container(kind="docker")),
        (
            {"run/.containerenv": f'engine="podman"\nimage="host/x:1"\nimageid="{"a" * 64}"\n'},
            {},
            Container("podman", "host/x:1", f"sha256:{'a' * 64}"),
        ),
        ({"proc/1/cgroup": "12:cpu:/kubepods/besteffort/pod1\n"}, {}, Container(kind="kubernetes")),
        ({"proc/1/cgroup": "0::/init.scope\n"}, {}, Container()),
        ({}, {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, Container(kind="kubernetes")),
        (
            {".dockerenv": ""},
            {"CONTAINER_IMAGE": f"https://ada:pa55@host/x@sha256:{'b' * 64}"},
            Container("docker", f"https://<redacted>@host/x@sha256:{'b' * 64}", f"sha256:{'b' * 64}"),
        ),
        (
            {},
            {"JUPYTER_IMAGE_SPEC": "hub/x:2", "IMAGE_DIGEST": f"sha256:{'c' * 64}"},
            Container(None, "hub/x:2", f"sha256:{'c' * 64}"),
        ),
        ({}, {"APPTAINER_CONTAINER": "/x.sif"}, Container("apptainer", "/x.sif")),
    ],
)
def test_a_container_is_what_it_says(
    tmp_path: Path, files: dict[str, str], variables: dict[str, str], container: Container
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert capture_container(variables, tmp_path) == container


def test_variables_are_those_allowed_and_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SLURM_JOB": "1", "SLURM_KEY": "x", "SLURM_JWT_TOKEN": "abc", "URL": "db://u:abc@h"}.items():
        monkeypatch.setenv(name, value)
    assert read_variables(["SLURM_*", "URL", "NOT_SET"], ["*_KEY"]) == {
        "SLURM_JOB": "1",
        "SLURM_JWT_TOKEN": "<redacted>",
        "URL": "db://<redacted>@h",
    }


def test_variables_are_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(("MY_SEED",))
    before = seen(tmp_path, asked)
    assert look_again(before, asked) is before
    monkeypatch.setenv("MY_SEED", "3")
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    after = look_again(before, asked)
    assert (after.variables, after.switches["PYTHONHASHSEED"]) == ({"MY_SEED": "3"}, "0")
    assert seen(tmp_path, asked) == after


def test_numpy_says_what_it_computes_with() -> None:
    assert read_blas()


def in_new_process(code: str, folder: Path) -> Any:
    path = os.pathsep.join(filter(None, [str(Path(trackside.__file__).parents[1]), os.environ.get("PYTHONPATH")]))
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path, "TRACKSIDE_STORE": str(folder / "store"), "TRACKSIDE_EXPERIMENT": "e"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


RUNS_THAT_IMPORT = """
import json
import trackside as ts

def train():
    with ts.run("x") as run:
        import sklearn.svm, torch, scipy.stats
        run.log(loss=1.0)
    return run.environment

def digests():
    with ts.Store(ts.runs()._store.folder).read() as connection:
        return [r[0] for r in connection.execute("SELECT environment_digest FROM runs ORDER BY started_at").fetchall()]

one, two = train(), train()
same = digests()
import torch
torch.use_deterministic_algorithms(True)
torch.backends.cudnn.benchmark = True
three = train()
print(json.dumps([same, digests(), two.switches, three.switches, two.threads, two.blas]))
""".replace("ts.Store(ts.runs()._store.folder)", "ts.runs()._store")


def test_runs_that_import_on_the_way_have_one_environment_until_a_switch_is_thrown(tmp_path: Path) -> None:
    same, all_three, before, after, threads, blas = in_new_process(RUNS_THAT_IMPORT, tmp_path)
    assert len(same) == 2
    assert len(set(same)) == 1
    assert len(set(all_three)) == 2
    assert {name for name in before if name.startswith("torch.")} == set()
    assert after["torch.are_deterministic_algorithms_enabled"] == "True"
    assert after["torch.backends.cudnn.benchmark"] == "True"
    assert threads["openblas"] >= 1
    assert blas


def test_looking_at_the_environment_imports_no_library(tmp_path: Path) -> None:
    code = (
        "import json, sys; from pathlib import Path\n"
        "from trackside.capture.environment.probe import start_environment_probe\n"
        "assert start_environment_probe(Path.cwd()).result(60)\n"
        "print(json.dumps([name for name in ('torch', 'threadpoolctl', 'sklearn') if name in sys.modules]))"
    )
    assert in_new_process(code, tmp_path) == []

"""The container that a run runs in, as far as it tells: nothing is guessed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trackside.capture.words.secrets import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMAGE_VARIABLES = (
    "CONTAINER_IMAGE",
    "JUPYTER_IMAGE_SPEC",
    "JUPYTER_IMAGE",
    "APPTAINER_CONTAINER",
    "SINGULARITY_CONTAINER",
)
_DIGEST_VARIABLES = ("CONTAINER_IMAGE_DIGEST", "IMAGE_DIGEST")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_GROUPS = (("kubepods", "kubernetes"), ("docker", "docker"), ("libpod", "podman"), ("lxc", "lxc"))
_TOLD_BY_PODMAN = re.compile(r'^(image|imageid)="?([^"\n]+)"?$', re.MULTILINE)


class Container(NamedTuple):
    """Kind of container, image and digest; None where it does not say."""

    kind: str | None = None
    image: str | None = None
    digest: str | None = None


def capture_container(variables: Mapping[str, str], root: Path = Path("/")) -> Container:
    """Return what container this process runs in.

    Parameters
    ----------
    variables
        The process's environment.
    root
        Where ``.dockerenv``, ``run/.containerenv`` and ``proc/1/cgroup`` are looked for.
    """
    podman = dict(_TOLD_BY_PODMAN.findall(_read(root / "run" / ".containerenv")))
    image = podman.get("image") or _first(variables, _IMAGE_VARIABLES)
    told = _first(variables, _DIGEST_VARIABLES) or image or ""
    digest = _DIGEST.search(told)
    return Container(
        kind=_kind(variables, root),
        image=redact(image) if image else None,
        digest=digest[0] if digest else f"sha256:{podman['imageid']}" if _is_hex(podman.get("imageid")) else None,
    )


def _kind(variables: Mapping[str, str], root: Path) -> str | None:
    if "KUBERNETES_SERVICE_HOST" in variables:
        return "kubernetes"
    if "APPTAINER_CONTAINER" in variables or "SINGULARITY_CONTAINER" in variables:
        return "apptainer"
    if _is_there(root / "run" / ".containerenv"):
        return "podman"
    if _is_there(root / ".dockerenv"):
        return "docker"
    groups = _read(root / "proc" / "1" / "cgroup")
    return next((kind for word, kind in _GROUPS if word in groups), None)


def _first(variables: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((variables[name] for name in names if variables.get(name)), None)


def _is_hex(text: str | None) -> bool:
    return text is not None and re.fullmatch("[0-9a-f]{64}", text) is not None


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # not in a container, or it does not say
        return ""

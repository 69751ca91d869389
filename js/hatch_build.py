"""Build the browser half for wheel, sdist and editable install; needs npm only in a checkout without built assets."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OUTPUTS = (
    "src/trackside/static/view.js",
    "src/trackside/static/page.js",
    "src/trackside/labextension/package.json",
)
STAMP = "src/trackside/static/.stamp"
SOURCES = ("package.json", "package-lock.json", "js")
BUILDER = "node_modules/@jupyter/builder/package.json"


class BrowserBuildHook(BuildHookInterface[Any]):
    """Runs the production build of ``js/`` unless what is there was built from these very sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build the assets that the wheel and the sdist carry.

        Raises
        ------
        RuntimeError
            If there are no built assets and no npm to build them with.
        """
        root = Path(self.root)
        wanted = digest_of_sources(root)
        stamp = root / STAMP
        is_built = all((root / output).exists() for output in OUTPUTS)
        if is_built and stamp.exists() and stamp.read_text() == wanted:
            return
        npm = shutil.which("npm")
        if npm is not None:
            build_assets(npm, root)
            stamp.write_text(wanted)
        elif is_built:
            self.app.display_warning("npm not found: the browser assets built before are taken as they are.")
        else:
            raise RuntimeError(
                "npm not found, expected Node 20.19 or newer to build the browser half from a source checkout:"
                " install Node, or install the released wheel with `pip install trackside`."
            )


def digest_of_sources(root: Path) -> str:
    """Return one digest of all that the build reads: names and contents."""
    digest = hashlib.sha256()
    for source in SOURCES:
        top = root / source
        for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def build_assets(npm: str, root: Path) -> None:
    """Install what the build needs, unless it is there, and run the production build."""
    if not (root / BUILDER).exists():
        subprocess.run([npm, "ci", "--omit=dev", "--ignore-scripts"], cwd=root, check=True)  # noqa: S603 - fixed words
    subprocess.run([npm, "run", "build:prod"], cwd=root, check=True)  # noqa: S603 - fixed words

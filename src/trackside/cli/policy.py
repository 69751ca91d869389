"""``trackside policy check``: whether notebooks keep the policy, for pre-commit and CI."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import CANNOT, NO_EVIDENCE, OK, PROBLEMS
from trackside.cli.stores import add_store_option
from trackside.config import find_settings
from trackside.errors import InputError
from trackside.store.store import Store

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction
    from collections.abc import Sequence

    from trackside.team.policy.evidence import CellVerdict

_WAIT = 10.0
_GIT_SECONDS = 30.0


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    policy = commands.add_parser(
        "policy",
        help="whether notebooks keep the team's policy",
        description="Tell whether the runs of notebooks keep the policy, and which cells train without %%track. What "
        "is known of a run is looked for in the store, in the notebook's own outputs, and in a committed record. Exit "
        "code 0: the policy is kept; 1: it is broken; 2: a notebook or the policy cannot be read; 6: no evidence of a "
        "cell's run.",
    )
    policy.add_argument("act", choices=["check"], help="what is to be done")
    policy.add_argument("notebooks", metavar="NOTEBOOK", nargs="*", type=Path, help="by default all below this folder")
    policy.add_argument("--changed", metavar="REF", nargs="?", const="HEAD", help="those that differ from REF, or HEAD")
    policy.add_argument("--record", metavar="FILE", type=Path, help="a record that `trackside export` wrote")
    policy.add_argument("--refusing-only", action="store_true", help="rules that only warn are told and do not count")
    policy.add_argument(
        "--format", choices=["text", "json", "markdown", "junit"], default="text", help="text by default"
    )
    add_store_option(policy)
    policy.set_defaults(carry_out=check)


def check(given: Namespace) -> int:
    """Tell what the policy says of each notebook, and return the exit code."""
    from trackside.team.policy import report

    verdicts, problems = _judge(given)
    if verdicts:
        forms = {
            "text": report.write_report,
            "json": report.write_report_json,
            "markdown": report.write_report_markdown,
            "junit": report.write_report_junit,
        }
        print(forms[given.format](verdicts))
    for problem in problems:
        print(f"trackside: {problem}", file=sys.stderr)
    cells = [cell for each in verdicts.values() for cell in each]
    if any(_fails(cell, refusing_only=given.refusing_only) for cell in cells):
        return PROBLEMS
    if problems:
        return CANNOT
    return OK if all(cell.has_evidence for cell in cells) else NO_EVIDENCE


def _fails(cell: CellVerdict, *, refusing_only: bool) -> bool:
    broken = [each for each in cell.findings if each.state == "broken"]
    return cell.trains is not None or any(each.refuses or not refusing_only for each in broken)


def _judge(given: Namespace) -> tuple[dict[str, list[CellVerdict]], list[str]]:
    """Return what the policy says of each notebook, and what cannot be read."""
    from trackside.team.policy.notebook_file import is_as_restored

    verdicts: dict[str, list[CellVerdict]] = {}
    problems: list[str] = []
    for notebook in _choose(given):
        try:
            if is_as_restored(notebook):
                print(
                    f"trackside: {notebook} is as it was restored: its runs are judged where they ran", file=sys.stderr
                )
            else:
                verdicts[str(notebook)] = _judge_one(given, notebook)
        except InputError as error:
            problems += str(error).splitlines()
    return verdicts, list(dict.fromkeys(problems))


def _judge_one(given: Namespace, notebook: Path) -> list[CellVerdict]:
    from trackside.team.policy.evidence import judge_notebook
    from trackside.team.policy.reading import read_policy

    settings = find_settings(notebook.parent, notebook=notebook)
    policy = read_policy(settings)
    if policy is None:
        raise InputError(f"{notebook} has no policy; expected [tool.trackside.policy] in pyproject.toml around it")
    store = Store(given.store or settings.store_folder)
    has_store = store.folder.is_dir()
    if has_store:
        store.refresh(_WAIT)
    records = [Path(file) for file in (given.record, policy.record) if file]
    return judge_notebook(notebook, policy, store if has_store else None, records)


def _choose(given: Namespace) -> Sequence[Path]:
    if given.notebooks:
        return [file for file in given.notebooks if file.suffix == ".ipynb"]
    if given.changed:
        return _changed(given.changed)
    found = sorted(Path().rglob("*.ipynb"))
    return [file for file in found if not any(part.startswith(".") for part in file.parts)]


def _changed(reference: str) -> list[Path]:
    """Return the notebooks below this folder that git says differ from a commit, new ones too."""
    if reference.startswith("-"):
        raise InputError(f"--changed is {reference!r}; expected a commit, a branch or a tag, such as main")
    asked = ["diff", "--name-only", "--relative", "--diff-filter=d", "-z", reference, "--", "*.ipynb"]
    new = ["ls-files", "--others", "--exclude-standard", "-z", "--", "*.ipynb"]
    return sorted({Path(name) for words in (asked, new) for name in _ask_git(words).split("\0") if name})


def _ask_git(words: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - git's own words, and a commit that it takes for one or refuses
            ["git", *words],  # noqa: S607 - whichever git the user has on the path
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", b"") or str(error).encode()
        raise InputError(
            f"git does not tell which notebooks changed ({told.decode('utf-8', 'replace').strip()}); name them"
        ) from error
    return done.stdout.decode("utf-8", "surrogateescape")

"""``trackside review``: what ran, as a notebook and as a page."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from trackside.cli.exit_codes import NO_EVIDENCE, OK
from trackside.cli.stores import add_store_option, open_store
from trackside.errors import NoRunError, NoStoreError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _SubParsersAction


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command and its arguments."""
    review = commands.add_parser(
        "review",
        help="what ran, as a notebook and a page",
        description="Write what is open, what was decided, what came out against the baseline, what failed, was put "
        "away, broke the policy or is new, as a notebook and as one HTML page, and put the review on record. Exit code "
        "0: they are written; 2: they could not be; 6: no evidence, as there is no store or nothing ran.",
    )
    review.add_argument("--since", metavar="AGO", default="7d", help="24h, 7d, 2w or a date; 7d by default")
    review.add_argument("--experiment", metavar="E", help="only of this one; by default of all")
    review.add_argument(
        "--out",
        metavar="FILE",
        help="where to write it: reports/week-12 makes week-12.ipynb and .html",
    )
    add_store_option(review)
    review.set_defaults(carry_out=write)


def write(given: Namespace) -> int:
    """Write the review and tell where it stands."""
    from trackside.review.writing import write_review
    from trackside.whereabouts import find_own_settings

    settings = find_own_settings()
    try:
        made = write_review(open_store(given), settings, since=given.since, experiment=given.experiment, out=given.out)
    except (NoRunError, NoStoreError) as error:
        print(f"trackside: {error}", file=sys.stderr)
        return NO_EVIDENCE
    print(made)
    return OK

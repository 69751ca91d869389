"""A naming scheme takes the names that are made from it, and no others; nothing that is typed breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackside.team.policy.schemes import Scheme, parse_scheme

WORDS = {"approach": ["mlp", "random-forest", "svm"]}
KNOWN = {"project": "my-digits", "user": "ada@example.org"}


def scheme(text: str = "{project}-{approach}-{date}") -> Scheme:
    """Return a scheme with a list of approaches."""
    return parse_scheme(text, WORDS)


def test_a_name_fits_its_scheme_or_is_told_why_not() -> None:
    assert scheme().misfit("my-digits-random-forest-2026-01-31", KNOWN) is None
    assert scheme().misfit("my-digits-mlp-20260131", KNOWN) is None
    assert scheme().misfit("my-digits-cnn-2026-01-31", KNOWN) == (
        "'my-digits-cnn-2026-01-31' does not fit {project}-{approach}-{date}; approach is one of mlp, random-forest, "
        "svm; project is my-digits"
    )
    assert scheme().misfit("my-digits-mlp-2026-02-31", KNOWN) == (
        "'my-digits-mlp-2026-02-31' has 2026-02-31 as its date, which is no day"
    )
    assert scheme("{team}/{user}.{number}").misfit("vision/ada@example.org.12", KNOWN) is None
    assert scheme("{team}/{number}").misfit("vision/x/12", KNOWN) is not None


def test_an_example_fits_once_people_thought_of_their_parts() -> None:
    assert scheme().misfit(scheme().example(KNOWN), KNOWN) is None
    assert scheme("{team}-{number}").example(KNOWN) == "TEAM-1"


def test_a_name_that_is_begun_is_completed_up_to_a_part_that_is_not_known() -> None:
    assert scheme("{project}-{approach}").complete("", KNOWN) == [
        "my-digits-mlp",
        "my-digits-random-forest",
        "my-digits-svm",
    ]
    assert scheme("{project}-{approach}").complete("my-digits-r", KNOWN) == ["my-digits-random-forest"]
    assert scheme("{project}-{team}-{approach}").complete("my", KNOWN) == ["my-digits-"]
    assert scheme("{team}-{approach}").complete("vision", KNOWN) == []
    assert scheme("{team}-{approach}").complete("vision-s", KNOWN) == ["vision-svm"]
    assert scheme("{date}-{approach}").complete("2025-12-31-", KNOWN)[0] == "2025-12-31-mlp"
    assert scheme("{approach}").complete("x", KNOWN) == []


free = st.text(st.characters(exclude_characters="-/_.", exclude_categories=("Z", "C")), min_size=1, max_size=20)
parts = st.sampled_from(["project", "user", "date", "number", "approach", "team", "dataset"])


@given(
    named=st.lists(parts, min_size=1, max_size=5),
    between=st.lists(st.sampled_from("-/_."), min_size=5, max_size=5),
    data=st.data(),
)
def test_a_name_made_from_a_scheme_fulfils_it(named: list[str], between: list[str], data: st.DataObject) -> None:
    text = "".join(f"{{{part}}}{sign}" for part, sign in zip(named, between, strict=False))[:-1]
    made = parse_scheme(text, WORDS)
    values = {
        **KNOWN,
        "date": data.draw(st.dates()).isoformat(),
        "number": str(data.draw(st.integers(0, 10**9))),
        "approach": data.draw(st.sampled_from(WORDS["approach"])),
        "team": data.draw(free),
        "dataset": data.draw(free),
    }
    name = made.fill(values)
    assert made.misfit(name, KNOWN) is None
    assert all(offer.startswith(name[:3]) for offer in made.complete(name[:3], KNOWN))


@given(name=st.text(max_size=200), text=st.sampled_from(["{project}-{team}-{date}", "{a}/{b}/{c}", "x{number}"]))
def test_no_name_breaks_a_scheme(name: str, text: str) -> None:
    made = parse_scheme(text, WORDS)
    told = made.misfit(name, KNOWN)
    assert told is None or told.isprintable()
    assert isinstance(made.complete(name, KNOWN), list)


@pytest.mark.parametrize("name", ["a" * 10_000, "-" * 10_000, "\u202eevil", "<b>-x-</b>", "'\"--", "\ud800"])
def test_hostile_names_are_refused_in_one_short_line(name: str) -> None:
    told = scheme("{project}-{team}-{date}").misfit(name, KNOWN)
    assert told is not None
    assert told.isprintable()
    assert len(told) < 300

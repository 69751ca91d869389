"""Corrections and tests say what statsmodels says."""

from __future__ import annotations

import numpy as np
import pytest

from trackside.analysis.evidence import TDifference, weigh_values
from trackside.analysis.paired_rows import compare_correctness
from trackside.analysis.verdicts import holm_levels


def test_holms_correction_finds_what_statsmodels_finds() -> None:
    from statsmodels.stats.multitest import multipletests

    random = np.random.default_rng(0)
    for count in (1, 2, 5, 20):
        for _ in range(8):  # each collects garbage first, which takes theirs a sixth of a second
            p_values = np.round(random.uniform(0, 0.1, count), 3).tolist()
            theirs = multipletests(p_values, alpha=0.05, method="holm")[0].tolist()
            levels = holm_levels(p_values, 0.05)
            assert [p <= level for p, level in zip(p_values, levels, strict=True)] == theirs, p_values


@pytest.mark.parametrize("counts", [(90, 5, 0, 5), (400, 31, 17, 52), (10, 3, 3, 0), (1, 0, 1, 0), (3, 12, 40, 9)])
def test_mcnemars_exact_test_is_theirs(counts: tuple[int, int, int, int]) -> None:
    from statsmodels.stats.contingency_tables import mcnemar

    both, won, lost, neither = counts
    ours = np.repeat([True, True, False, False], counts), np.repeat([True, False, True, False], counts)
    theirs = mcnemar([[both, won], [lost, neither]], exact=True).pvalue
    assert compare_correctness(*ours).exact == pytest.approx(min(theirs, 1.0))


def test_welchs_interval_is_theirs() -> None:
    from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

    random = np.random.default_rng(1)
    for sizes in ((2, 2), (3, 8), (20, 5)):
        one, other = random.normal(0.9, 0.01, sizes[0]), random.normal(0.88, 0.05, sizes[1])
        theirs = CompareMeans(DescrStatsW(one), DescrStatsW(other)).tconfint_diff(alpha=0.1, usevar="unequal")
        ours = weigh_values(one.tolist(), other.tolist())
        assert isinstance(ours, TDifference)
        assert ours.interval(0.9) == pytest.approx(theirs)

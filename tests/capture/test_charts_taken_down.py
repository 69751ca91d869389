"""Charts that may change after they were shown are written down at the cell's end, as many as are kept."""

from __future__ import annotations

import altair as alt
import pandas as pd

from trackside.capture.outputs.figures import MAX_FIGURES, look_at, take_down_charts
from trackside.capture.outputs.log import Shown


def test_of_very_many_charts_the_caller_waits_only_for_those_that_are_kept() -> None:
    charts = [alt.Chart(pd.DataFrame({"a": [at]})).mark_point().encode(x="a") for at in range(MAX_FIGURES + 7)]
    shown = [Shown("display_data", {"text/plain": "Chart"}, drawn=look_at(chart)) for chart in charts]
    assert take_down_charts(shown, set()) == []
    assert [len(item.drawn) for item in shown] == [1] * MAX_FIGURES + [0] * 7

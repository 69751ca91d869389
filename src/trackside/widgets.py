"""The live view of a set of runs: one widget, whichever panels it shows.

What it shows is kept in the notebook three times over, for three readers: as a record that Trackside's own renderer
draws with no kernel, as static HTML for everything else, and as plain text.
"""

from __future__ import annotations

import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import msgspec
import traitlets
from anywidget.experimental import command

from trackside import frontend, wire
from trackside.chart_makers import Charts
from trackside.errors import InputError, StoreError
from trackside.importance import check_importance
from trackside.static_html import describe_runs, view_html
from trackside.tracking.news import on_news
from trackside.view_page import write_page
from trackside.view_record import NOTEBOOK, PAGE, Shown, ask_runs, draw_record, rated_metric

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

    from trackside.browser_api import BrowserApi
    from trackside.store.store import Store

VIEW_MIME = "application/vnd.trackside.view.v1+json"
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"

_STATIC = Path(__file__).parent / "static"
_NEWS_WAIT = 5.0  # seconds that news waits for the tables to have it


class View(anywidget.AnyWidget):
    """A table, a metric's history or parallel coordinates of some runs, or several of them sharing one selection.

    Parameters
    ----------
    api
        Answers what the view asks while it is looked at.
    state
        Which panels to show, and what is chosen in them.
    select
        Makes the user's selection (ids of runs) into what `selected` returns.
    shown
        The runs, where they were asked for already.
    """

    _esm = _STATIC / "view.js"
    _css = _STATIC / "view.css"
    record = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    selected_ids = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(
        self, api: BrowserApi, state: wire.ViewState, select: Callable[[list[str]], Any], shown: Shown | None = None
    ) -> None:
        self._api = api
        self._select = select
        shown = shown or ask_runs(api, state)
        # A browser will ask by itself for what takes long; where there is none it is waited for.
        wait = None if frontend.kind() == "headless" else 0.0
        self._saved = draw_record(api, state, NOTEBOOK, wait=wait, shown=shown)
        super().__init__(
            record=msgspec.to_builtins(self._saved),
            state=msgspec.to_builtins(state),
            selected_ids=_selected_at_first(shown, state.ticked),
        )
        frontend.answer_beside_cells(self.comm)
        _views.add(self)

    @property
    def store(self) -> Store:
        """The store whose runs the view shows."""
        return self._api.store

    @property
    def selected(self) -> Any:
        """The runs picked out in the view, as a `Runs`: the ticked rows, or with none ticked what the filters leave."""
        return self._select(list(self.selected_ids))

    @property
    def chart(self) -> Charts:
        """What the view shows now as Altair charts: the runs that are `selected`, its axes, smoothing and groups.

        Examples
        --------
        >>> view = ts.runs().compare()
        >>> view.chart.history().save("figure.pdf")  # doctest: +SKIP
        """
        unseen = set(self._state.unseen)
        return Charts(self._api, self._state, [run_id for run_id in self.selected_ids if run_id not in unseen])

    def to_html(self, path: str | Path) -> Path:
        """Write the view, as it is now, as one page that needs neither kernel nor network.

        It has up to 10,000 runs and the history of every metric, as finely as some megabytes allow. What the page
        cannot know by itself, such as the artifacts' bytes, it says.

        Parameters
        ----------
        path
            The page's file; one that is there is replaced.

        Raises
        ------
        InputError
            There is no folder to write it to.

        Examples
        --------
        >>> ts.runs().compare().to_html("report.html")  # doctest: +SKIP
        """
        return write_page(draw_record(self._api, self._state, PAGE, wait=None), Path(path))

    @property
    def _state(self) -> wire.ViewState:
        return msgspec.convert(self.state, wire.ViewState)

    @command
    def ask(self, question: Any, _buffers: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """Answer one question of the browser. Runs beside a running cell, in a thread of its own."""
        return msgspec.to_builtins(self._api.answer(question)), []

    def _send(self, *args: Any, **kwargs: Any) -> None:
        super()._send(*args, **kwargs)
        if self.comm is not None:
            frontend.answer_beside_cells(self.comm)

    def __repr__(self) -> str:
        """Return what the view shows in words: the plain text of the output."""
        return f"Trackside: {' + '.join(self._saved.state.panels)} of {describe_runs(self._saved.table)}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        widget = super()._repr_mimebundle_(**kwargs)
        data, metadata = widget if isinstance(widget, tuple) else (widget or {}, {})
        front_end = frontend.kind()
        if front_end != "widgets":  # our renderer makes the widget itself; where nobody looks, none is wanted
            data.pop(WIDGET_MIME, None)
        record = msgspec.structs.replace(
            self._saved,
            state=self._state,
            model_id=None if front_end == "headless" else self.model_id,
        )
        data[VIEW_MIME] = msgspec.to_builtins(record)
        data["text/html"] = view_html(record, pictures=front_end != "trackside")
        data["text/plain"] = repr(self)
        return data, {**metadata, "trackside": {"kind": "view", "version": wire.RECORD_VERSION}}


class ImportanceView(View):
    """What params tell of a metric, as a live view; `df` is the table behind it."""

    @property
    def df(self) -> pd.DataFrame:
        """One row for each param, the most important first.

        ``param``, ``importance`` (share of the metric's variance, by ranks), ``std``, ``correlation`` (Spearman's) and
        ``n``, the runs that have it. Waits until the forest is grown. ``df.attrs`` has ``metric``, ``runs``,
        ``explained`` (the share that the forest explains in runs it has not seen) and ``notes``.

        Raises
        ------
        InputError
            There are too few runs, or they have no metric.
        """
        import pandas as pd

        metric = rated_metric(self._state, self._saved.table)
        if metric is None:
            raise InputError("These runs have no metric yet; expected one that params may be important to; log one.")
        answer = self._api.importance(wire.ImportanceQuestion(metric=metric))
        check_importance(answer)
        rows = [(each.name, each.importance, each.std, each.correlation, each.runs) for each in answer.params]
        table = pd.DataFrame(rows, columns=["param", "importance", "std", "correlation", "n"])
        numbers = ["importance", "std", "correlation"]
        table[numbers] = table[numbers].astype(float)
        table.attrs = {key: getattr(answer, key) for key in ("metric", "runs", "explained", "notes")}
        return table


def _selected_at_first(shown: Shown, ticked: Collection[str]) -> list[str]:
    """Return the runs that `View.selected` has until a browser tells: brushes are its business."""
    run_ids = shown.table.run_ids
    return [run_id for run_id in run_ids if run_id in ticked] or (run_ids if shown.passing is None else shown.passing)


_views: weakref.WeakSet[View] = weakref.WeakSet()


def _tell_views(store_folder: Path) -> None:
    """Let browsers know that a store's runs changed, once its tables know: views in sight then ask for them."""
    views = [view for view in list(_views) if view.comm is not None and view.store.folder == store_folder]
    if views:
        with suppress(StoreError):  # whoever asks is told
            views[0].store.refresh(_NEWS_WAIT)
    for view in views:
        view.send({"op": "runs-changed"})


on_news(_tell_views)

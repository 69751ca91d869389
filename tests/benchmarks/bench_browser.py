"""How long the workbench takes to draw in a browser, and how large its bundles are.

``python -m tests.benchmarks.bench_browser`` draws parallel coordinates of 100, 1,000 and 10,000 runs × 12 axes, brushes
them with the mouse, and draws histories, in a headless Chromium that renders in software. Beside each first paint
stands the same picture by Vega-Lite, where vl-convert is installed, and by HiPlot, where that is. ``--quick`` measures
Trackside only.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.benchmarks.table import Figure, print_table
from tests.browser.chromium import FLAGS, find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Locator, Page

ROOT = Path(__file__).parents[2]
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"
ROUNDS = 5
FRAMES = 90
FIRST_PAINT = {100: 150, 1_000: 150, 10_000: 1000}
BRUSHED = (
    (100, 12, ["parallel"]),
    (1_000, 12, ["parallel"]),
    (10_000, 12, ["parallel"]),
    (10_000, 12, ["parallel", "table"]),
    (10_000, 20, ["parallel"]),
)
PARALLEL = "bench.mount(element, given, ['parallel'])"
WHOLE = "canvas[data-whole] + canvas[data-whole]"
OUR_AXIS = ".trackside-axis-strip >> nth=2"
HIPLOT_AXIS = ".pplot-brush .overlay >> nth=2"
HIPLOT = "(hiplot.render(element, bench.hiplot(given)), 0)"
HISTORIES = ((100, 10_000), (1_000, 1_000))


def bundle(entry: str, folder: Path) -> Path:
    """Bundle one script of ``js`` with its style sheet beside it, and return the script."""
    out = folder / f"{entry.replace('/', '-')}.js"
    flags = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]
    hosts = ["--external:@jupyterlab/*", "--external:@lumino/*"]
    subprocess.run([ESBUILD, f"js/{entry}", *flags, *hosts, f"--outfile={out}"], cwd=ROOT, check=True)
    return out


def open_page(browser: Browser, script: Path) -> Page:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(180_000)
    page.set_content("<main></main>")
    page.add_style_tag(path=script.with_suffix(".css"))
    page.add_script_tag(content=script.read_text(), type="module")
    page.wait_for_function("window.bench !== undefined")
    for library in (vega_lite(), hiplot()):
        if library is not None:
            page.add_script_tag(content=library)
    return page


def vega_lite() -> str | None:
    if importlib.util.find_spec("vl_convert") is None:
        return None
    import vl_convert

    return f"(() => {{ {vl_convert.javascript_bundle('window.vegaEmbed = vegaEmbed;')} }})()"


def hiplot() -> str | None:
    spec = importlib.util.find_spec("hiplot")
    if spec is None or spec.origin is None:
        return None
    return (Path(spec.origin).parent / "static" / "built" / "hiplot.bundle.js").read_text()


def first_paint(page: Page, prepare: str, draw: str, rounds: int = ROUNDS, until: str = "") -> float:
    """Return the median milliseconds until lines can be seen; the first round warms up and does not count."""
    return statistics.median([paint(page, prepare, draw, until) for _ in range(rounds + 1)][1:])


def paint(page: Page, prepare: str, draw: str, until: str = "") -> float:
    """Return the milliseconds until lines can be seen, or until there is an element that a selector selects."""
    milliseconds: float = page.evaluate(f"""async () => {{
        const element = bench.fresh();
        const given = {prepare}; await new Promise(requestAnimationFrame);
        return bench.paint(element, () => {draw}, '{until}'); }}""")
    return milliseconds


def brush(page: Page, strip: str) -> dict[str, list[float]]:
    """Drag a brush along an axis, one move a frame, and return what each frame cost, and the processor time of all."""
    axis = page.locator(strip)
    box = axis.bounding_box()
    assert box is not None
    x, top, height = box["x"] + box["width"] / 2, box["y"], box["height"]
    page.mouse.move(x, top + height * 0.1)
    page.mouse.down()
    page.mouse.move(x, top + height * 0.3)
    drag = "(axis, [x, from, to, steps]) => bench.drag(axis, x, [from, to], steps)"
    noted = move(axis, drag, [x, top + height * 0.3, top + height * 0.9, FRAMES])
    page.mouse.up()
    return noted


def move(element: Locator, script: str, given: Any) -> dict[str, list[float]]:
    """Return what a script notes that moves something once a frame, with the processor time of a frame."""
    session = element.page.context.new_cdp_session(element.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = processor_seconds(session)
    noted: dict[str, list[float]] = element.evaluate(script, given)
    noted["processor"] = [(processor_seconds(session) - before) * 1000 / FRAMES]
    session.detach()
    return noted


def processor_seconds(session: CDPSession) -> float:
    """Return how long the page's main thread has worked, however many other processes want the processor, too."""
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    seconds: float = metrics["TaskDuration"]
    return seconds


def brush_figures(what: str, noted: dict[str, list[float]]) -> list[Figure]:
    return [
        Figure(f"brush frame, {what}: processor", noted["processor"][0], "ms", 16),
        Figure("  work, waiting included: median", statistics.median(noted["work"]), "ms", 16),
        Figure("  95th percentile", percentile(noted["work"]), "ms", 16),
        Figure("  from frame to frame: median", statistics.median(noted["between"]), "ms", 16.7),
        Figure("  95th percentile", percentile(noted["between"]), "ms"),
    ]


def percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def measure_parallel(page: Page, *, quick: bool) -> list[Figure]:
    figures = []
    for count, goal in FIRST_PAINT.items():
        table = f"bench.runs({count}, 12)"
        ours = first_paint(page, table, PARALLEL)
        whole = first_paint(page, table, PARALLEL, until=WHOLE)
        figures.append(Figure(f"first paint, {count:,} runs × 12", ours, "ms", goal))
        figures.append(Figure("  the whole picture", whole, "ms"))
        if not quick:
            figures += rivals(page, table, "bench.vegaParallel(given)", HIPLOT)
    return figures


def rivals(page: Page, given: str, vega: str, hiplot: str | None) -> list[Figure]:
    """Return what others take for the same picture."""
    figures = []
    if page.evaluate("window.vegaEmbed !== undefined"):
        draw = f"vegaEmbed(element, {vega}, {{ renderer: 'canvas', actions: false, mode: 'vega-lite' }})"
        figures.append(Figure("  by Vega-Lite", first_paint(page, given, draw, 2, until="canvas"), "ms"))
    if hiplot is not None and page.evaluate("window.hiplot !== undefined"):
        figures.append(Figure("  by HiPlot", first_paint(page, given, hiplot, 2), "ms"))
    return figures


def measure_brush(page: Page, *, quick: bool) -> list[Figure]:
    figures = []
    for count, axes, panels in BRUSHED:
        table = f"bench.runs({count}, {axes})"
        paint(page, table, f"bench.mount(element, given, {panels})")
        what = f"{count:,} runs × {axes}" + (" + table" if "table" in panels else "")
        figures += brush_figures(what, brush(page, OUR_AXIS))
        if not quick and panels == ["parallel"] and page.evaluate("window.hiplot !== undefined"):
            paint(page, table, HIPLOT)
            figures += brush_figures("  HiPlot", brush(page, HIPLOT_AXIS))
    return figures


def measure_table(page: Page) -> list[Figure]:
    mount = "bench.mountState(element, given, { panels: ['table'], sparklines: false })"
    paint(page, "bench.runs(10000, 40)", mount, "tbody tr[data-run]")
    noted = move(page.locator(".trackside-scroller"), "(table, steps) => bench.leap(table, steps)", FRAMES)
    return [
        Figure("frame, 10,000 runs × 40: processor", noted["processor"][0], "ms", 16),
        Figure("  from frame to frame: median", statistics.median(noted["between"]), "ms", 16.7),
        Figure("  95th percentile", percentile(noted["between"]), "ms"),
    ]


def measure_history(page: Page, *, quick: bool) -> list[Figure]:
    figures = []
    for count, points in HISTORIES:
        ours = first_paint(page, f"bench.history({count}, {points})", "bench.mount(element, given, ['history'])")
        figures.append(Figure(f"history, {count:,} × {points:,} points, thinned", ours, "ms"))
        if not quick:
            drawn = min(points, 200_000 // count)
            figures += rivals(page, "null", f"bench.vegaHistory({count}, {drawn})", None)
    return figures


def measure_bundles(folder: Path) -> list[Figure]:
    bundles = {"widget": "widget/view.ts", "JupyterLab extension": "lab/index.ts"}
    return [
        Figure(f"{name}, gzip", len(gzip.compress(bundle(entry, folder).read_bytes())) / 1000, "kB", 150)
        for name, entry in bundles.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure Trackside only")
    quick: bool = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        print_table("Bundles", measure_bundles(folder))
        browser: Any = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = open_page(browser, bundle("bench/workbench.ts", folder))
        print_table("Brushing parallel coordinates, software rendering", measure_brush(page, quick=quick))
        print_table("Scroll bar of the table dragged", measure_table(page))
        print_table("Parallel coordinates", measure_parallel(page, quick=quick))
        print_table("Histories", measure_history(page, quick=quick))
        browser.close()


if __name__ == "__main__":
    main()

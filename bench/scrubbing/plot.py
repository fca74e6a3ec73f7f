"""The figures as a picture: docs/images/scrubbing.svg and .png."""

from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

from .table import Row

mpl.use("Agg")

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"


def draw(rows: list[Row], folder: Path = FOLDER) -> list[Path]:
    """Draw what is caught and kept, and how fast; return the files."""
    # The same input makes the same file: text stays text, and identifiers are not random.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "goimg"})
    figure, (shares, speeds) = pyplot.subplots(1, 2, figsize=(12, 0.55 * len(rows) + 1.6), sharey=True)
    places, names = range(len(rows)), [row.candidate.name.replace("`", "") for row in rows]
    for offset, label, values in (
        (-0.27, "leaks caught", [row.quality.recall for row in rows]),
        (0.0, "caught, context kept", [row.quality.with_context for row in rows]),
        (0.27, "harmless kept byte for byte", [row.quality.kept for row in rows]),
    ):
        bars = shares.barh([place + offset for place in places], [100 * value for value in values], 0.26, label=label)
        shares.bar_label(bars, fmt="%.1f", fontsize=7, padding=2)
    shares.set(xlim=(0, 112), xlabel="percent of the corpus", yticks=places, yticklabels=names)
    shares.invert_yaxis()
    _draw_speeds(speeds, rows)
    for axes in (shares, speeds):
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, fontsize=8, frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"scrubbing.{ending}" for ending in ("svg", "png")]
    for path in files:
        figure.savefig(path, bbox_inches="tight", dpi=120, metadata={"Date": None} if path.suffix == ".svg" else None)
    return files


def _draw_speeds(axes: Axes, rows: list[Row]) -> None:
    workloads = list(rows[0].speeds)
    for index, workload in enumerate(workloads):
        offset = (index - (len(workloads) - 1) / 2) * 0.2
        rates = [row.speeds[workload] for row in rows]
        spread = [[rate.median - rate.low for rate in rates], [rate.high - rate.median for rate in rates]]
        places = [place + offset for place in range(len(rows))]
        axes.barh(places, [rate.median for rate in rates], 0.19, xerr=spread, label=workload, error_kw={"lw": 0.8})
    axes.set(xscale="log", xlabel="MB/s, one run, all taking turns (median and quartiles)")

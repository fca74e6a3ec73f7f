"""`python -m bench.overhead.plot RESULTS`: docs/images/overhead.svg and .png. In the benchmarks' environment."""

import statistics
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

from .figures import Results
from .measure import KINDS

mpl.use("Agg")

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "images"


def draw(results: Results, folder: Path = FOLDER) -> list[Path]:
    """Draw what each kind adds to each request, by share of traces; return the files."""
    # The same input makes the same file: text stays text, and identifiers are not random.
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "goimg"})
    settings = [setting for setting in results.settings() if setting[0] == "sync"]
    figure, panels = pyplot.subplots(1, len(settings), figsize=(4.4 * len(settings), 3.6), sharey=True)
    for axes, setting in zip(panels, settings, strict=True):
        _draw(axes, results, setting)
    panels[0].set_ylabel("ms of CPU added to a request")
    panels[0].legend(fontsize=8, frameon=False)
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"overhead.{ending}" for ending in ("svg", "png")]
    for path in files:
        figure.savefig(path, bbox_inches="tight", dpi=120, metadata={"Date": None} if path.suffix == ".svg" else None)
    return files


def _draw(axes: Axes, results: Results, setting: tuple[str, float]) -> None:
    requests, kinds = results.requests(), [kind for kind in KINDS if kind != "off"]
    for index, kind in enumerate(kinds):
        added = [results.added(setting, request, kind, "cpu") for request in requests]
        middle = [statistics.median(values) for values in added]
        spread = [
            [at - min(values) for at, values in zip(middle, added, strict=True)],
            [max(values) - at for at, values in zip(middle, added, strict=True)],
        ]
        places = [place + (index - 1) * 0.27 for place in range(len(requests))]
        axes.bar(places, middle, 0.26, yerr=spread, label=kind, error_kw={"lw": 0.8})
    axes.set(title=f"traces {setting[1]:g}", xticks=range(len(requests)), xticklabels=requests)
    axes.tick_params(axis="x", labelrotation=20)
    axes.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    for file in draw(Results.load(Path(sys.argv[1]))):
        sys.stderr.write(f"bench: wrote {file.relative_to(FOLDER.parents[1])}\n")

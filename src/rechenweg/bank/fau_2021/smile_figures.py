"""The figures of problem 5: histograms of trained weights, portraits and their saliency maps."""

from __future__ import annotations

import numpy as np

from rechenweg.learning.smiles import SIDE, Saliency
from rechenweg.numbers import Array
from rechenweg.text import T
from rechenweg.working.document import Figure
from rechenweg.working.drawing import Drawing, Fill
from rechenweg.working.figures import Steps, grid_figure, plot_figure, side_by_side

SIDES = (T("left run", "linker Lauf"), T("right run", "rechter Lauf"))


def histograms_figure(none: Array, left: Array, right: Array) -> Figure:
    """Two histograms side by side: weights with a penalty, shaded, and in both the outline of those without."""
    reach = 3.2 * float(none.std())
    edges = np.linspace(-reach, reach, 42)
    outline = shares(none, edges)
    heights = [shares(side, edges) for side in (left, right)]
    top = 1.05 * max(map(max, (outline, *heights)))
    places = [float(edge) for edge in edges]
    plots = [
        plot_figure(
            [Steps(places, grey, shaded=True), Steps(places, outline)],
            x=(-reach, reach),
            y=(0.0, top),
            x_label=label,
            x_ticks=(-0.3, 0.0, 0.3),
            width=170.0,
            height=110.0,
            axes="frame",
        )
        for grey, label in zip(heights, SIDES, strict=True)
    ]
    caption = T(
        "Shares of the first layer's weights by size; outline: without a penalty, grey: with it",
        "Anteile der Gewichte der ersten Schicht nach Größe; Umriss: ohne Strafterm, grau: mit ihm",
    )
    alt = T(
        "two histograms of weights, each with and without a penalty",
        "zwei Histogramme von Gewichten, je mit und ohne Strafterm",
    )
    return Figure(side_by_side(plots, gap=22.0), caption, alt)


def shares(weights: Array, edges: Array) -> list[float]:
    """The share of the weights in each interval."""
    counts, _ = np.histogram(weights, edges)
    return [float(n) for n in counts / weights.size]


SHADES: tuple[Fill, ...] = ("paper", "faint", "light", "medium", "dark", "ink")


def shaded(image: Array) -> Drawing:
    """A small image as a grid of greys, its largest values darkest; a twentieth of the pixels may be cut off."""
    low, high = np.quantile(image, (0.05, 0.98))
    levels = np.clip((image - low) / (high - low) * len(SHADES), 0, len(SHADES) - 1).astype(int)
    fills = {index: SHADES[level] for index, level in np.ndenumerate(levels)}
    return grid_figure([[""] * SIDE] * SIDE, shaded=fills, cell=6.0)


def maps_figure(found: Saliency, caption: T) -> Figure:
    """An image and its saliency map."""
    alt = T("a small portrait and its saliency map", "ein kleines Porträt und seine Saliency Map")
    return Figure(side_by_side([shaded(found.image), shaded(found.map)], gap=20.0), caption, alt)

"""The figures of the field, made of neutral drawings.

Each function takes plain Python (strings, tuples, functions) and returns a
:class:`~rechenweg.working.drawing.Drawing`; labels are LaTeX strings or bilingual prose.
"""

from rechenweg.working.figures.graph import graph_figure
from rechenweg.working.figures.grids import grid_figure
from rechenweg.working.figures.labels import Text, side_by_side
from rechenweg.working.figures.maps import feature_maps_figure, hourglass_figure
from rechenweg.working.figures.plan import NodeKind
from rechenweg.working.figures.plots import (
    Curve,
    Points,
    Series,
    Steps,
    blank_axes,
    plot_figure,
    point_cloud_figure,
)
from rechenweg.working.figures.recurrent import recurrent_figure

__all__ = [
    "Curve",
    "NodeKind",
    "Points",
    "Series",
    "Steps",
    "Text",
    "blank_axes",
    "feature_maps_figure",
    "graph_figure",
    "grid_figure",
    "hourglass_figure",
    "plot_figure",
    "point_cloud_figure",
    "recurrent_figure",
    "side_by_side",
]

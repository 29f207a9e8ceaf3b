"""What can be seen of a network: its outputs over the plane, one example's way through it, the lie of its loss.

A probe that takes long is a generator that yields after pieces of about a millisecond and returns its arrays at the
end; the network must not change in between.
"""

from engine.probes.activity import Activity, activity
from engine.probes.gradient import mean_gradient
from engine.probes.histograms import Histogram, LayerHistograms, histograms
from engine.probes.landscape import Landscape, filter_normalized, landscape, projected, weight_directions
from engine.probes.plane import boundary, boundary_map, first_layer, grid, grid_points, unit_maps
from engine.probes.principal import Projection, projection
from engine.probes.saliency import InputGradient, Output, saliency
from engine.probes.space import Space, space
from engine.probes.trace import LayerTrace, Trace, trace

__all__ = [
    "Activity",
    "Histogram",
    "InputGradient",
    "Landscape",
    "LayerHistograms",
    "LayerTrace",
    "Output",
    "Projection",
    "Space",
    "Trace",
    "activity",
    "boundary",
    "boundary_map",
    "filter_normalized",
    "first_layer",
    "grid",
    "grid_points",
    "histograms",
    "landscape",
    "mean_gradient",
    "projected",
    "projection",
    "saliency",
    "space",
    "trace",
    "unit_maps",
    "weight_directions",
]

"""Layers, losses, optimisers and networks, each written once for both kinds of number.

`forward(input_tensor)` and `backward(error_tensor)` are array code: over float arrays a network trains, over
exact numbers it writes itself out. :mod:`.layer` says what a layer is, :mod:`.network` wires layers to a
graph, and :mod:`.gradient_check` checks them.
"""

from rechenweg.nn.activations import ELU, Activation, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from rechenweg.nn.convolution import Conv1d, Conv2d, windows_along
from rechenweg.nn.gradient_check import Entry, GradientReport, gradient_check
from rechenweg.nn.layer import TOPICS, Layer, Shape, Window
from rechenweg.nn.linear import Linear
from rechenweg.nn.losses import BinaryCrossEntropy, CrossEntropy, L2Loss, Loss, MSELoss
from rechenweg.nn.network import Network, Node, Tap, TapKind
from rechenweg.nn.optimisers import SGD
from rechenweg.nn.pooling import AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from rechenweg.nn.structure import Add, Flatten

__all__ = [
    "ELU",
    "SGD",
    "TOPICS",
    "Activation",
    "Add",
    "AvgPool1d",
    "AvgPool2d",
    "BinaryCrossEntropy",
    "Conv1d",
    "Conv2d",
    "CrossEntropy",
    "Entry",
    "Flatten",
    "GradientReport",
    "L2Loss",
    "Layer",
    "LeakyReLU",
    "Linear",
    "Loss",
    "MSELoss",
    "MaxPool1d",
    "MaxPool2d",
    "Network",
    "Node",
    "ReLU",
    "Shape",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Tap",
    "TapKind",
    "Window",
    "gradient_check",
    "windows_along",
]

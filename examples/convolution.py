"""The network of tum-2024's problem 3: a convolution, max pooling and a fully connected layer, all without bias.

rechenweg work examples/convolution.py:network --x "[[[2,3,1,2,-1]]]" --target 2
rechenweg shapes examples/convolution.py:network --input 1,1,5
"""

from rechenweg.nn import Conv1d, Flatten, L2Loss, Linear, MaxPool1d, Network

network = Network("x", loss=L2Loss(), target_name="y^*")
network.add("z", Conv1d(weights=[[["0.5", "1.5", "0.5"]]], names={"weights": "c"}), "x")
network.add("m", MaxPool1d(2, stride=1), "z")
network.add("f", Flatten(), "m")
network.add("y", Linear(weights=[[-1], [3]], names={"weights": "w"}), "f")

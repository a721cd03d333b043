"""The network of fau-2021's problem 7: three convolutions, the second with a skip connection around it.

    rechenweg shapes examples/model.py:network --input 10,3,32,32

Here it is as a Rechenweg network; R, T and S are the places that question 7.1 asks about.
"""

from rechenweg.nn import Add, Conv2d, Flatten, Linear, Network, ReLU

INPUT_CHANNELS, HIDDEN_CHANNELS, CLASSES = 3, 4, 10

convA = Conv2d(HIDDEN_CHANNELS, 2 * HIDDEN_CHANNELS, 5, padding=2, stride=3)
convB = Conv2d(HIDDEN_CHANNELS, HIDDEN_CHANNELS, 3, padding=1)
convC = Conv2d(INPUT_CHANNELS, HIDDEN_CHANNELS, 3)

network = Network("x")
network.add("z_1", convC, "x")
network.add("R", ReLU())
network.add("z_2", convB)
network.add("a", ReLU())
network.add("T", Add(), "a", "R")
network.add("z_3", convA)
network.add("S", ReLU())
network.add("f", Flatten())
network.add(r"\hat y", Linear(800, CLASSES))

r"""The network of fau-2021's problem 4: x goes through a small branch and past it.

rechenweg work examples/residual.py:network --x 1 --target 1
rechenweg work examples/residual.py:network --x 1 --target 1 --general
"""

from rechenweg.nn import Add, L2Loss, Linear, Network, Sigmoid

# Decimals are text: "0.5" is the fraction 1/2; the float 0.5 would meet an exact number and be refused.
network = Network("x", loss=L2Loss(), target_name="y")
first = {"weights": "w_1", "bias": "b_1"}
network.add("a", Linear(weights=[["0.5"]], bias=["-0.5"], layout="out,in", names=first), "x")
network.add("h", Sigmoid(symbol=r"\sigma_1"), "a")
network.add("m", Linear(weights=[["-2"]], layout="out,in", names={"weights": "w_2"}), "h")
network.add("o", Add(), "x", "m")
network.add(r"\hat y", Sigmoid(symbol=r"\sigma_2"), "o")

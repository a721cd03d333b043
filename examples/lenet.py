"""LeNet-5 on images of 32 × 32 pixels (LeCun et al. 1998), with max pooling and ReLU as courses draw it today.

    rechenweg shapes examples/lenet.py:network --input 1,1,32,32
    rechenweg shapes examples/lenet.py:network --input 64,1,32,32 --as html > lenet.html

No layer has values here: shapes, parameters and receptive fields need none.
"""

from rechenweg.nn import Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU, Softmax

network = Network.chain(
    [
        Conv2d(1, 6, 5),
        ReLU(),
        MaxPool2d(2),
        Conv2d(6, 16, 5),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Linear(16 * 5 * 5, 120),
        ReLU(),
        Linear(120, 84),
        ReLU(),
        Linear(84, 10),
        Softmax(),
    ]
)

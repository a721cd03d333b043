"""Loss functions: `forward(prediction, target)` gives the loss, `backward()` its derivative by the prediction."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Literal, Self

import numpy as np

from rechenweg.errors import NetworkError, ShapeError
from rechenweg.nn.kinds import as_array, of_one_kind
from rechenweg.numbers import Array, apply, like, total
from rechenweg.text import T

Reduction = Literal["sum", "mean", "none"]


class Loss(ABC):
    """Base of all losses.

    Args:
        reduction: what becomes of the losses of a batch: their "sum", their "mean", or "none" (they stay
            apart).
    """

    title: ClassVar[T] = T("", "")
    """The kind of loss in words, for written workings; empty: the name of the class."""

    def __init__(self, reduction: Reduction = "sum") -> None:
        if reduction not in ("sum", "mean", "none"):
            raise NetworkError(
                f'{type(self).__name__}: expected reduction "sum", "mean" or "none", found {reduction!r}'
            )
        self.reduction = reduction
        self.arrays: tuple[Array, ...] = ()

    @abstractmethod
    def losses(self, prediction: Array, target: Array) -> Array:
        """The losses before the reduction."""

    @abstractmethod
    def slopes(self, prediction: Array, target: Array) -> Array:
        """The derivative of their sum by the prediction."""

    def count(self, prediction: Array) -> int:
        """How many losses a mean is taken over: every element unless the loss says otherwise."""
        return prediction.size

    @property
    @abstractmethod
    def mean_over(self) -> T:
        """What a mean is taken over, in words."""

    def forward(self, prediction: Any, target: Any) -> Any:
        """The loss: a number, or with reduction "none" an array of them (a number where there is but one).

        A batch axis is welcome but not needed: one sample may come without.

        Raises:
            ShapeError: prediction and target differ in shape (nothing is broadcast silently).
            ExactnessError: floats and exact numbers together.
        """
        prediction, target = as_array(prediction), as_array(target)
        if prediction.shape != target.shape:
            raise ShapeError(
                f"{type(self).__name__}: expected a target of the prediction's shape {prediction.shape}, "
                f"found shape {target.shape}"
            )
        self.arrays = tuple(of_one_kind(type(self).__name__, prediction=prediction, target=target).values())
        losses = _as_array_again(self.losses(*self.arrays))
        return losses[()] if self.reduction == "none" else self._reduced(total(losses))

    def backward(self) -> Array:
        """∂L/∂prediction, of the prediction's shape; with reduction "none" each loss by its own prediction.

        Raises:
            NetworkError: no forward pass came before.
        """
        if not self.arrays:
            raise NetworkError(
                f"{type(self).__name__}: backward before forward; call forward(prediction, target) first"
            )
        slopes: Array = self._reduced(_as_array_again(self.slopes(*self.arrays)))
        return _as_array_again(slopes)

    def _reduced(self, x: Any) -> Any:
        count = self.count(self.arrays[0])
        return x / count if self.reduction == "mean" and count != 1 else x  # "/ 1" would only clutter the working

    def copy(self) -> Self:
        """The same loss without the memory of a run."""
        twin = copy.copy(self)
        twin.arrays = ()
        return twin

    @property
    def conventions(self) -> dict[str, T]:
        """What becomes of the losses of a batch."""
        reductions = {
            "sum": T("sum", "Summe"),
            "mean": T("mean over ", "Mittel über ") + self.mean_over,
            "none": T("none: the losses stay apart", "keine: die Fehler bleiben einzeln"),
        }
        return {"loss over a batch": reductions[self.reduction]}


def _as_array_again(x: Any) -> Array:
    """NumPy hands out the number itself where an operation leaves an array without axes."""
    array: Array = np.asarray(x)
    return array


class L2Loss(Loss):
    """Σ(ŷ − y)², with derivative 2·(ŷ − y).

    Args:
        reduction: "sum" (FAU), "mean" over all elements (TUM, PyTorch), "none".

    >>> import numpy as np
    >>> loss = L2Loss()
    >>> float(loss.forward(np.array([[0.5]]), np.array([[1.0]])))
    0.25
    >>> loss.backward()
    array([[-1.]])
    """

    title: ClassVar[T] = T("Squared error", "Quadratischer Fehler")

    def losses(self, prediction: Array, target: Array) -> Array:
        """(ŷ − y)² of each element."""
        squares: Array = (prediction - target) ** 2
        return squares

    def slopes(self, prediction: Array, target: Array) -> Array:
        """2·(ŷ − y)."""
        return 2 * (prediction - target)

    @property
    def mean_over(self) -> T:
        """All elements."""
        return T("all elements", "alle Elemente")


class MSELoss(L2Loss):
    """The mean squared error: :class:`L2Loss` with reduction "mean" unless told otherwise (PyTorch's name and habit).

    >>> import numpy as np
    >>> float(MSELoss().forward(np.array([1.0, 2.0]), np.array([0.0, 0.0])))
    2.5
    """

    title: ClassVar[T] = T("Mean squared error", "Mittlerer quadratischer Fehler")

    def __init__(self, reduction: Reduction = "mean") -> None:
        super().__init__(reduction)


class _LogLoss(Loss):
    """A loss of probabilities.

    Args:
        reduction: what becomes of the losses of a batch.
        epsilon: added inside the logarithm, which keeps float training from ln 0 (FAU: the machine epsilon);
            none by default, so that written workings show the definition.
    """

    def __init__(self, reduction: Reduction = "sum", epsilon: Any = None) -> None:
        super().__init__(reduction)
        self.epsilon = epsilon

    def _kept_from_zero(self, p: Array) -> Array:
        return p if self.epsilon is None else p + like(self.epsilon, p)

    @property
    def conventions(self) -> dict[str, T]:
        """The reduction; that probabilities are expected; what is added inside the logarithm."""
        text = T("from probabilities, natural logarithm", "aus Wahrscheinlichkeiten, natürlicher Logarithmus")
        if self.epsilon is not None:
            inside = T(", {epsilon} added inside it", ", darin wird {epsilon} addiert")
            text = text + inside.format(epsilon=self.epsilon)
        return {**super().conventions, "cross-entropy": text}


class BinaryCrossEntropy(_LogLoss):
    """−y·ln ŷ − (1 − y)·ln(1 − ŷ) of each element, for probabilities ŷ of class 1.

    Args:
        reduction: "sum", "mean" over all elements (PyTorch), "none".
        epsilon: added inside both logarithms.

    >>> import numpy as np
    >>> loss = BinaryCrossEntropy()
    >>> float(loss.forward(np.array([0.5]), np.array([1.0])).round(4))
    0.6931
    >>> loss.backward()
    array([-2.])
    """

    title: ClassVar[T] = T("Binary cross-entropy", "Binäre Kreuzentropie")

    def losses(self, prediction: Array, target: Array) -> Array:
        """−y·ln ŷ − (1 − y)·ln(1 − ŷ)."""
        positive, negative = self._kept_from_zero(prediction), self._kept_from_zero(1 - prediction)
        losses: Array = -(target * apply("log", positive)) - (1 - target) * apply("log", negative)
        return losses

    def slopes(self, prediction: Array, target: Array) -> Array:
        """−y/ŷ + (1 − y)/(1 − ŷ)."""
        positive, negative = self._kept_from_zero(prediction), self._kept_from_zero(1 - prediction)
        slopes: Array = -(target / positive) + (1 - target) / negative
        return slopes

    @property
    def mean_over(self) -> T:
        """All elements."""
        return T("all elements", "alle Elemente")


class CrossEntropy(_LogLoss):
    """−Σ y_k·ln ŷ_k over the classes, for probabilities ŷ and one-hot (or soft) targets y.

    Args:
        reduction: "sum" (FAU), "mean" over the samples (PyTorch), "none" (one loss per sample).
        epsilon: added inside the logarithm.

    Shapes: prediction and target (…, classes).

    >>> import numpy as np
    >>> loss = CrossEntropy()
    >>> float(loss.forward(np.array([[0.25, 0.75]]), np.array([[1, 0]])).round(4))
    1.3863
    >>> loss.backward()
    array([[-4., -0.]])
    """

    title: ClassVar[T] = T("Cross-entropy", "Kreuzentropie")

    def losses(self, prediction: Array, target: Array) -> Array:
        """−Σ y·ln ŷ of each sample."""
        if not prediction.ndim:
            raise ShapeError(f"{type(self).__name__}: expected an axis of classes, found shape ()")
        losses: Array = -total(target * apply("log", self._kept_from_zero(prediction)), -1)
        return losses

    def slopes(self, prediction: Array, target: Array) -> Array:
        """−y/ŷ."""
        slopes: Array = -(target / self._kept_from_zero(prediction))
        return slopes

    def count(self, prediction: Array) -> int:
        """The samples, not the classes."""
        return int(prediction.size // prediction.shape[-1])

    @property
    def mean_over(self) -> T:
        """The samples."""
        return T("the samples", "die Beispiele")

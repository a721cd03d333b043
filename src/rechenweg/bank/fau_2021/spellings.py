"""How candidates name norms, problems, layers and methods in fau-2021, problem 5: right names, and known wrong ones."""

from __future__ import annotations

NORMS = {
    "L1": ("L1", "L1 norm", "L_1", "l1-Norm", r"\ell_1", "Lasso", "1-Norm", "Betragsnorm"),
    "L2": ("L2", "L2 norm", "L_2", r"\ell_2", "Ridge", "weight decay", "2-Norm", "Euclidean", "euklidische Norm"),
}
"""How the norms may be named; further words that may stand beside them."""

NORM_WORDS = ("norm", "regularisation", "regularization", "Regularisierung", "penalty", "Strafterm")

SHIFT = (
    "internal covariate shift", "covariate shift", "ICS", "interne Kovariatenverschiebung", "Kovariatenverschiebung",
    "ReLU not zero-centred", "ReLU not zero-centered", "ReLUs are not zero-centred", "ReLU ist nicht nullzentriert",
    "not zero-centred", "not zero-centered", "nicht nullzentriert",
)  # fmt: skip
NOT_SHIFT = (
    "overfitting", "Überanpassung", "underfitting", "vanishing gradient", "vanishing gradients", "exploding gradient",
    "exploding gradients", "verschwindende Gradienten", "dying ReLU", "dead ReLU", "mode collapse",
)  # fmt: skip
BATCH_NORM = ("batch normalization", "batch normalisation", "batchnorm", "batch norm", "BN", "Batch-Normalisierung")
NOT_BATCH_NORM = (
    "dropout", "pooling", "max pooling", "ReLU", "softmax", "convolution", "Faltung", "fully connected", "flatten",
)  # fmt: skip
SCORE = (
    "classification score", "class score", "score", "score of the class", "logit", "logits", "Klassifikationsscore",
    "Score der Klasse", "Klassenscore", "Ausgabe für die Klasse",
)  # fmt: skip
NOT_SCORE = ("cross-entropy", "Kreuzentropie", "MSE", "L2", "training loss", "label", "accuracy", "Genauigkeit")
MULTI_TASK = (
    "multi-task learning", "multitask learning", "auxiliary tasks", "auxiliary task", "auxiliary losses",
    "Multi-Task-Lernen", "Multitask-Lernen", "Hilfsaufgaben", "Nebenaufgaben",
)  # fmt: skip
NOT_MULTI_TASK = (
    "transfer learning", "Transferlernen", "fine-tuning", "data augmentation", "Augmentierung", "ensemble", "dropout",
    "pretraining", "curriculum learning", "self-supervised learning", "reinforcement learning", "boosting",
)  # fmt: skip
"""Names that candidates give, right and wrong."""

"""Learning from data: data sets, training, metrics, and the systems of the papers trained on real data."""

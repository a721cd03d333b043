"""fau-2021: Deep Learning, FAU Erlangen-Nürnberg, 26 July 2021."""

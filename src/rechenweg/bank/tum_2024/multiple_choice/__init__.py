"""The nine questions of tum-2024, problem 1, one per file: statements, reasons, and the experiments behind them."""

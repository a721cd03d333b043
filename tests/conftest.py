"""What holds for every test: one thread per process; property tests that ignore a machine's speed."""

from __future__ import annotations

import os

# `make test` runs a process per core; a pool of threads in each of them only makes them wait for one another.
# This has to stand before NumPy or PyTorch is imported.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

from hypothesis import HealthCheck, settings  # noqa: E402 (see above)

# A deadline would make a test depend on the load of the machine.
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Continuous integration judges a change, so it must judge alike twice; fresh examples are drawn locally.
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

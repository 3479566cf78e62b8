"""The same regression with pyfixest: coefficients of the effects, from a panel as CSV.

    pip install pyfixest==0.60.0
    cd tests/data/impact
    python ../../../bench/impact_runners/pyfixest_fit.py panel.csv > pyfixest.csv

Not in the project's own environment: it brings some thirty more packages, matplotlib and IPython
among them.
"""

import sys

import numpy as np
import pandas as pd
import pyfixest

panel = pd.read_csv(sys.argv[1])
treated = panel["month"] >= panel["start"]
panel["cell"] = np.where(
    treated, "s" + panel["start"].astype(str) + "m" + panel["month"].astype(str), "none"
)
panel["log_messages"] = np.log(panel["messages"])
found = pyfixest.fepois(
    "count ~ i(cell, ref='none') | force + month",
    data=panel,
    offset="log_messages",
    iwls_tol=1e-12,
)
print("cell,coefficient")
for name, value in found.coef().items():
    print(f"{name.split('::')[-1].split('[T.')[-1].rstrip(']')},{value:.12f}")

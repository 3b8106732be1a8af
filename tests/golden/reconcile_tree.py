#!/usr/bin/env python3
"""Makes reconcile_tree.json: random trees reconciled by hierarchicalforecast's MinTrace (wls_struct).

    pip install hierarchicalforecast numpy
    python3 tests/golden/reconcile_tree.py > tests/golden/reconcile_tree.json
"""
import json

import numpy as np
from hierarchicalforecast.methods import MinTrace


def tree(rng, levels):
    """Parents of a random tree with all leaves at the same depth, parents before children."""
    parents, level = [None], [0]
    for _ in range(levels):
        below = []
        for node in level:
            for _ in range(int(rng.integers(2, 5))):
                parents.append(node)
                below.append(len(parents) - 1)
        level = below
    return parents, level


def main():
    rng = np.random.default_rng(20260301)
    cases = []
    for levels in (1, 2, 3, 2, 3):
        parents, leaves = tree(rng, levels)
        n = len(parents)
        summing = np.zeros((n, len(leaves)))
        for column, leaf in enumerate(leaves):
            node = leaf
            while node is not None:
                summing[node, column] = 1.0
                node = parents[node]
        # hierarchicalforecast expects the leaves last, in the order of the columns; they already are.
        assert leaves == list(range(n - len(leaves), n))
        forecast = np.round(summing @ rng.uniform(5, 60, len(leaves)) * rng.uniform(0.8, 1.2, n), 3)
        mint = MinTrace(method="wls_struct")
        reconciled = mint.fit_predict(S=summing, y_hat=forecast[:, None])["mean"]
        cases.append({
            "parents": parents,
            "weights": summing.sum(axis=1).tolist(),
            "forecast": forecast.tolist(),
            "reconciled": np.asarray(reconciled, dtype=np.float64).ravel().tolist(),
        })
    print(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()

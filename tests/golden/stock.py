"""Writes stock.json: newsvendors and standard normal losses by stockpyl.

    pip install stockpyl==1.0.2 scipy && python stock.py > stock.json
"""

import json

from scipy.optimize import brentq
from scipy.stats import nbinom
from stockpyl.loss_functions import poisson_loss, standard_normal_loss
from stockpyl.newsvendor import newsvendor_normal, newsvendor_poisson

# L(k) = Q (1 - beta) / sigma.
quantity, beta, sigma = 200, 0.98, 60
k = brentq(lambda k: standard_normal_loss(k)[0] - quantity * (1 - beta) / sigma, -5, 5, xtol=1e-14)

print(
    json.dumps(
        {
            "normal": [[h, p, mean, sd, *newsvendor_normal(h, p, mean, sd)]
                       for h, p, mean, sd in [(2, 18, 120, 10), (1, 1, 50, 8), (0.18, 0.7, 50, 8), (3, 1, 900, 250)]],
            "poisson": [[h, p, mean, *newsvendor_poisson(h, p, mean)]
                        for h, p, mean in [(1, 4, 20), (1, 19, 0.4), (1, 9, 3), (1, 1, 750)]],
            "loss": [[x, standard_normal_loss(x)[0]] for x in [-3.0, -1.0, 0.0, 0.5, 1.0, 2.0, 4.0]],
            "poisson_loss": [[x, mean, poisson_loss(x, mean)[0]] for x, mean in [(0, 2.5), (3, 2.5), (24, 20), (2, 0.1)]],
            "fill": [[quantity, beta, sigma, k]],
            # mean, variance, probability -> quantile; r = mean^2 / (variance - mean), p = mean / variance.
            "negative_binomial": [[m, v, u, float(nbinom.ppf(u, m * m / (v - m), m / v))]
                                  for m, v in [(0.7, 1.4), (3, 12), (40, 400)] for u in [0.5, 0.9, 0.95, 0.99]],
        },
        indent=1,
    )
)

"""Give the beta-binomial distribution and fit it: a binomial whose chance varies from night to night.

With mean p and concentration s (first parameter a = p s, second b = (1 - p) s) the variance is
n p (1 - p) (n + s) / (1 + s): s to infinity is the binomial, small s is strongly over-dispersed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

Float = NDArray[np.float64]


def log_probability(count: int, trials: int, a: Float, b: Float) -> Float:
    """Return the log probability of `count` among `trials`, up to the binomial coefficient.

    Parameters
    ----------
    count, trials : int, 0 <= count <= trials
    a, b : float64, any one shape, > 0

    Returns
    -------
    float64, the shape of a: log B(count + a, trials - count + b) - log B(a, b)
    """
    value: Float = gammaln(count + a) + gammaln(trials - count + b) - gammaln(trials + a + b)
    value += gammaln(a + b) - gammaln(a) - gammaln(b)
    return value


def mixture(trials: int, a: Float, b: Float, weight: Float) -> Float:
    """Return the distribution of the count under a mixture of beta-binomials.

    Parameters
    ----------
    trials : int, n
    a, b, weight : float64, shape (M,); the weights sum to 1

    Returns
    -------
    float64, shape (n + 1,), sums to 1
    """
    first = gammaln(trials + b) - gammaln(trials + a + b) - gammaln(b) + gammaln(a + b)
    k = np.arange(trials, dtype=np.float64)
    steps = np.log((trials - k) / (k + 1.0) * (k + a[:, None]) / (trials - k - 1.0 + b[:, None]))
    log_terms = np.concatenate([first[:, None], first[:, None] + np.cumsum(steps, axis=1)], axis=1)
    total = weight @ np.exp(log_terms)
    normal: Float = total / total.sum()
    return normal


def fit(counts: Float, trials: Float) -> tuple[float, float]:
    """Return the maximum-likelihood (a, b) of nights that share one beta-binomial.

    Parameters
    ----------
    counts, trials : float64, shape (N,), 0 <= counts <= trials, N >= 1

    Returns
    -------
    (a, b), each within e**-6 and e**8, so that nights that all agree still give a distribution
    """

    def loss(logs: Float) -> tuple[float, Float]:
        a, b = np.exp(logs)
        value = gammaln(counts + a) + gammaln(trials - counts + b) - gammaln(trials + a + b)
        value += gammaln(a + b) - gammaln(a) - gammaln(b)
        shared = digamma(a + b) - digamma(trials + a + b)
        by_a = np.sum(shared + digamma(counts + a) - digamma(a))
        by_b = np.sum(shared + digamma(trials - counts + b) - digamma(b))
        return -float(value.sum()), -np.array([a * by_a, b * by_b])

    p = (counts.sum() + 0.5) / (trials.sum() + 1.0)
    start = np.log([10.0 * p, 10.0 * (1.0 - p)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(-6.0, 8.0)] * 2)
    a, b = np.exp(found.x)
    return float(a), float(b)

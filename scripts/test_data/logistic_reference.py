#!/usr/bin/env python3
"""Writes tests/data/logistic/fits.json: rows with the coefficients and probabilities that scikit-learn gives for them.

usage: scripts/test_data/logistic_reference.py

Needs numpy, scipy and scikit-learn (1.9.1 wrote the file that is there). Deterministic. Where scikit-learn has no
offsets (numbers added to the logits) or no temperature, scipy minimises the same loss.
"""
import json
import pathlib

import numpy
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

ROOT = pathlib.Path(__file__).resolve().parents[2]


def rows(seed, n, d, classes, decimals=6):
    random = numpy.random.default_rng(seed)
    centres = random.normal(0, 1, (classes, d))
    y = numpy.arange(n) % classes
    x = (centres[y] + random.normal(0, 1.2, (n, d))).round(decimals)
    return random, x, y


def fit(name, seed, n, d, classes, c, intercept=True, weighted=False):
    random, x, y = rows(seed, n, d, classes)
    weights = random.integers(0, 4, n).astype(float) if weighted else numpy.ones(n)
    model = LogisticRegression(C=c, fit_intercept=intercept, tol=1e-11, max_iter=100000).fit(x, y, sample_weight=weights)
    return {"name": name, "columns": d, "classes": classes, "c": c, "intercept": intercept, "x": x.ravel().tolist(),
            "y": y.tolist(), "weights": weights.tolist() if weighted else [], "offsets": [],
            "coefficients": model.coef_.tolist(), "intercepts": model.intercept_.tolist(),
            "probabilities": model.predict_proba(x).tolist()}


def fit_offsets(name, seed, n, d, classes, c):
    """Multinomial without intercept, with offsets."""
    random, x, y = rows(seed, n, d, classes)
    offsets = random.normal(0, 1, (n, classes)).round(6)

    def loss(flat):
        w = flat.reshape(classes, d)
        log_p = log_softmax(x @ w.T + offsets, axis=1)
        residual = numpy.exp(log_p)
        residual[numpy.arange(n), y] -= 1
        return -log_p[numpy.arange(n), y].sum() + (flat ** 2).sum() / (2 * c), (residual.T @ x + w / c).ravel()

    found = minimize(loss, numpy.zeros(classes * d), jac=True, method="L-BFGS-B",
                     options={"gtol": 1e-11, "ftol": 1e-16, "maxiter": 100000, "maxfun": 1000000})
    w = found.x.reshape(classes, d)
    return {"name": name, "columns": d, "classes": classes, "c": c, "intercept": False, "x": x.ravel().tolist(),
            "y": y.tolist(), "weights": [], "offsets": offsets.ravel().tolist(), "coefficients": w.tolist(),
            "intercepts": [0.0] * classes, "probabilities": numpy.exp(log_softmax(x @ w.T + offsets, axis=1)).tolist()}


def temperature(name, seed, n, classes, scale):
    random, x, y = rows(seed, n, classes, classes)
    logits = (scale * (numpy.eye(classes)[y] + random.normal(0, 0.8, (n, classes)))).round(6)
    loss = lambda log_t: -log_softmax(logits / numpy.exp(log_t), axis=1)[numpy.arange(n), y].sum()
    found = minimize_scalar(loss, bounds=(-6, 6), method="bounded", options={"xatol": 1e-12})
    return {"name": name, "classes": classes, "logits": logits.ravel().tolist(), "y": y.tolist(),
            "temperature": float(numpy.exp(found.x))}


fits = [fit("multinomial", 1, 60, 5, 4, 1.0), fit("strong penalty", 2, 60, 5, 3, 0.01),
        fit("weak penalty", 3, 90, 4, 3, 100.0), fit("weighted", 4, 60, 5, 4, 3.0, weighted=True),
        fit("no intercept", 5, 60, 5, 4, 1.0, intercept=False), fit("more columns than rows", 6, 20, 40, 4, 1.0),
        fit("two classes", 7, 40, 5, 2, 1.0), fit("two classes, weighted", 8, 40, 5, 2, 3.0, weighted=True),
        fit_offsets("offsets", 9, 60, 5, 4, 2.0)]
temperatures = [temperature("too sure", 1, 200, 5, 12.0), temperature("too modest", 2, 200, 5, 0.2),
                temperature("two classes", 3, 150, 2, 3.0)]
path = ROOT / "tests/data/logistic/fits.json"
text = lambda cases: "[" + ",\n".join(json.dumps(c) for c in cases) + "]"
path.write_text('{"fits": ' + text(fits) + ',\n"temperatures": ' + text(temperatures) + "}\n")

#!/usr/bin/env python3
"""Writes tests/data/calibration/measures.json: labelled cosines with the measures that scikit-learn and numpy give.

usage: scripts/test_data/calibration_reference.py

Needs numpy and scikit-learn (1.9.1 wrote the file that is there). Deterministic.
"""
import json
import pathlib

import numpy
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

ROOT = pathlib.Path(__file__).resolve().parents[2]


def case(name, matches, others, decimals, seed):
    random = numpy.random.default_rng(seed)
    cosine = numpy.concatenate([random.normal(*matches), random.normal(*others)]).clip(-1, 1).round(decimals)
    label = numpy.concatenate([numpy.ones(matches[2], int), numpy.zeros(others[2], int)])
    order = random.permutation(len(cosine))
    cosine, label = cosine[order], label[order]
    precision, recall, thresholds = precision_recall_curve(label, cosine)
    f1 = 2 * precision * recall / numpy.maximum(precision + recall, 1e-300)
    best = f1.max()
    weight = numpy.where(label == 1, 1 / matches[2], 1 / others[2])
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(cosine, label, sample_weight=weight)
    at = [-0.2, 0.0, 0.2, 0.3, 0.4, 0.6, 0.9]
    return {"name": name, "cosine": cosine.tolist(), "label": label.tolist(), "auc_roc": roc_auc_score(label, cosine),
            "auc_pr": average_precision_score(label, cosine), "f1": best,
            "f1_cosine": thresholds[numpy.flatnonzero(f1[:-1] == best).max()],
            "quantiles": numpy.quantile(cosine, [0.5, 0.9, 0.99]).tolist(),
            "isotonic": [{"cosine": x, "probability": p} for x, p in zip(at, isotonic.predict(at).tolist())]}


cases = [case("apart", (0.55, 0.1, 60), (0.15, 0.1, 140), 4, 1), case("mixed", (0.40, 0.18, 80), (0.20, 0.12, 320), 4, 2),
         case("ties", (0.40, 0.20, 90), (0.20, 0.20, 110), 1, 3), case("upside down", (0.1, 0.1, 20), (0.4, 0.1, 80), 4, 4)]
path = ROOT / "tests/data/calibration/measures.json"
path.write_text("[" + ",\n".join(json.dumps(c) for c in cases) + "]\n")

#!/usr/bin/env python3
"""Writes tests/data/hdbscan/cases.json: rows with what the packages hdbscan and scikit-learn make of them.

usage: scripts/test_data/hdbscan_reference.py

Needs numpy, scikit-learn and hdbscan (tests/data/hdbscan/README.md says which versions wrote the file). Deterministic.
"""
import json
import pathlib

import hdbscan
import numpy
import sklearn.cluster
from sklearn.datasets import make_blobs, make_moons

ROOT = pathlib.Path(__file__).resolve().parents[2]


def finite(values):
    return [float(value) for value in values]


def case(name, x, min_cluster_size, min_samples, selection):
    x = numpy.asarray(x, dtype=numpy.float32).astype(numpy.float64)
    model = hdbscan.HDBSCAN(
        min_cluster_size=min_cluster_size, min_samples=min_samples, cluster_selection_method=selection, algorithm="generic",
        approx_min_span_tree=False,
    ).fit(x)
    other = sklearn.cluster.HDBSCAN(
        min_cluster_size=min_cluster_size, min_samples=min_samples + 1, cluster_selection_method=selection, algorithm="brute",
        copy=True,
    ).fit(x)
    tree = model.condensed_tree_._raw_tree
    n = len(x)
    birth = {int(row["child"]): float(row["lambda_val"]) for row in tree if row["child"] >= n}
    leaves = {int(row["child"]): (int(row["parent"]), float(row["lambda_val"])) for row in tree if row["child"] < n}
    clusters = [[int(row["child_size"]), float(row["lambda_val"])] for row in tree if row["child"] >= n]
    # A row that leaves as the cluster is born stood between two: which one got it was the order of equal edges.
    between = [leaves[i][1] <= birth.get(leaves[i][0], 0.0) for i in range(n)]
    # Without such rows a cluster may be too small to be one: then the tree depends on that order too.
    spare = {child: sum(between[i] for i in range(n) if leaves[i][0] == child) for child in birth}
    tied = any(row["child_size"] - spare[row["child"]] < min_cluster_size for row in tree if row["child"] >= n)
    return {
        "tied": tied, "name": name, "columns": x.shape[1], "min_cluster_size": min_cluster_size, "min_samples": min_samples,
        "selection": selection, "x": finite(x.ravel()), "labels": model.labels_.tolist(),
        "probabilities": finite(model.probabilities_), "outliers": finite(model.outlier_scores_),
        "lambdas": [leaves[i][1] for i in range(n)], "between": between, "clusters": clusters,
        "sklearn_labels": other.labels_.tolist(), "sklearn_probabilities": finite(other.probabilities_),
    }


def unit(x):
    return x / numpy.linalg.norm(x, axis=1, keepdims=True)


def main():
    random = numpy.random.default_rng(7)
    moons = make_moons(150, noise=0.08, random_state=1)[0]
    blobs = make_blobs(180, 4, centers=5, cluster_std=1.1, random_state=2)[0]
    mixed = numpy.concatenate([make_blobs(120, 2, centers=3, cluster_std=[0.3, 0.8, 1.6], random_state=3)[0],
                               random.uniform(-12, 12, (40, 2))])
    sphere = unit(numpy.repeat(random.normal(size=(6, 48)), 25, axis=0) + random.normal(size=(150, 48)) * 0.55)
    cases = [
        case("moons", moons, 8, 5, "eom"), case("moons, leaf", moons, 6, 3, "leaf"),
        case("blobs", blobs, 10, 6, "eom"), case("blobs, leaf", blobs, 5, 4, "leaf"),
        case("mixed densities", mixed, 7, 4, "eom"), case("mixed densities, larger", mixed, 10, 5, "eom"),
        case("mixed densities, leaf", mixed, 5, 1, "leaf"),
        case("unit vectors", sphere, 8, 5, "eom"), case("unit vectors, leaf", sphere, 5, 2, "leaf"),
    ]
    path = ROOT / "tests/data/hdbscan/cases.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cases": cases}) + "\n")
    for one in cases:
        print(one["name"], "tied", one["tied"], "clusters", 1 + max(one["labels"]), "noise", one["labels"].count(-1), "between", sum(one["between"]),
              "sklearn differs", sum((a < 0) != (b < 0) for a, b in zip(one["labels"], one["sklearn_labels"])))


if __name__ == "__main__":
    main()

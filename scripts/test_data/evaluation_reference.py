#!/usr/bin/env python3
"""Writes tests/data/evaluation/measures.json: invented labels and predictions with the measures that scikit-learn and
numpy give.

usage: scripts/test_data/evaluation_reference.py

Needs numpy and scikit-learn (1.9.1 wrote the file that is there). Deterministic. Resamples are drawn with the 64-bit
Mersenne Twister of C++'s <random>, which numpy does not have, so it is written out below.
"""
import json
import pathlib
import warnings

import numpy
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

ROOT = pathlib.Path(__file__).resolve().parents[2]
NONE = "(none)"
MASK = (1 << 64) - 1


class MersenneTwister64:
    """std::mt19937_64: Nishimura's MT19937-64, seeded as the C++ standard says."""

    def __init__(self, seed):
        self.state = [seed]
        for i in range(1, 312):
            last = self.state[-1]
            self.state.append((6364136223846793005 * (last ^ (last >> 62)) + i) & MASK)
        self.at = 312

    def __call__(self):
        if self.at == 312:
            for i in range(312):
                x = (self.state[i] & 0xFFFFFFFF80000000) | (self.state[(i + 1) % 312] & 0x7FFFFFFF)
                self.state[i] = self.state[(i + 156) % 312] ^ (x >> 1) ^ (0xB5026F5AA96619E9 if x & 1 else 0)
            self.at = 0
        x = self.state[self.at]
        self.at += 1
        x ^= (x >> 29) & 0x5555555555555555
        x ^= (x << 17) & 0x71D67FFFEDA60000
        x ^= (x << 37) & 0xFFF7EEE000000000
        return x ^ (x >> 43)


assert [MersenneTwister64(5489)() for _ in range(1)] == [14514284786278117030]


def first(labels):
    return labels[0] if labels else NONE


def matrices(rows):
    """The labels that occur, and indicator matrices over them; what is ignored is in neither."""
    kept = [[p["label"] for p in row["predicted"] if p["label"] not in row["ignored"]] for row in rows]
    labels = sorted({label for row in rows for label in row["truth"]} | {label for said in kept for label in said})
    truth = numpy.array([[label in row["truth"] for label in labels] for row in rows], int).reshape(len(rows), -1)
    said = numpy.array([[label in s for label in labels] for s in kept], int).reshape(len(rows), -1)
    return labels, truth, said, kept


def scores(rows, kind):
    """(labels, precision, recall, f1, support) per label, micro (p, r, f), macro f, accuracy, exact."""
    options = {"zero_division": 0}
    if kind == "single":
        truth = [first(row["truth"]) for row in rows]
        said = [first([p["label"] for p in row["predicted"]]) for row in rows]
        labels = sorted((set(truth) | set(said)) - {NONE})
        options["labels"] = labels
        accuracy = exact = accuracy_score(truth, said)
    else:
        labels, truth, said, kept = matrices(rows)
        right = [first(s) in row["truth"] if s or row["truth"] else True for s, row in zip(kept, rows)]
        accuracy = numpy.mean(right)
        exact = accuracy_score(truth, said) if labels else 1.0
    if not labels:
        return [], ([], [], [], []), (0.0, 0.0, 0.0), 0.0, accuracy, exact
    each = precision_recall_fscore_support(truth, said, average=None, **options)
    micro = precision_recall_fscore_support(truth, said, average="micro", **options)
    macro = precision_recall_fscore_support(truth, said, average="macro", **options)
    return labels, each, micro[:3], macro[2], accuracy, exact


def graded(rows, kind):
    for row in rows:
        said = [p for p in row["predicted"] if p["label"] not in row["ignored"]]
        truth = row["truth"] if kind == "multi" else row["truth"][:1]
        for p in said if kind == "multi" else said[:1]:
            if p["confidence"] is not None:
                yield p["confidence"], p["label"] in truth


def reliability(rows, kind, bins):
    answers = list(graded(rows, kind))
    if not answers:
        return {"bins": [], "ece": 0.0}
    confidence = numpy.array([c for c, _ in answers])
    right = numpy.array([int(r) for _, r in answers])
    if len(set(right)) == 2:
        share, mean = calibration_curve(right, confidence, n_bins=bins, strategy="uniform")
    place = numpy.searchsorted(numpy.linspace(0, 1, bins + 1)[1:-1], confidence)
    used = sorted(set(place))
    counts = [int((place == b).sum()) for b in used]
    if len(set(right)) != 2:
        share = [right[place == b].mean() for b in used]
        mean = [confidence[place == b].mean() for b in used]
    ece = sum(n * abs(s - m) for n, s, m in zip(counts, share, mean)) / len(answers)
    return {"bins": [{"answers": n, "confidence": m, "right": s} for n, m, s in zip(counts, mean, share)], "ece": ece}


def interval(rows, kind, seed, resamples):
    random = MersenneTwister64(seed)
    drawn = []
    for _ in range(resamples):
        _, _, micro, macro, accuracy, _ = scores([rows[random() % len(rows)] for _ in rows], kind)
        drawn.append((accuracy, micro[2], macro))
    low, high = numpy.quantile(numpy.array(drawn), [0.025, 0.975], axis=0)
    return {name: [low[i], high[i]] for i, name in enumerate(("accuracy", "micro_f1", "macro_f1"))}


def case(name, kind, rows, seed=1, resamples=60, bins=10):
    labels, each, micro, macro, accuracy, exact = scores(rows, kind)
    return {
        "name": name, "kind": kind, "seed": seed, "resamples": resamples, "bins": bins, "rows": rows,
        "accuracy": accuracy, "exact": exact, "micro_precision": micro[0], "micro_recall": micro[1], "micro_f1": micro[2],
        "macro_f1": macro, "labels": [
            {"label": label, "precision": each[0][i], "recall": each[1][i], "f1": each[2][i], "support": int(each[3][i])}
            for i, label in enumerate(labels)],
        "reliability": reliability(rows, kind, bins), "intervals": interval(rows, kind, seed, resamples),
    }


def row(truth, predicted, ignored=()):
    return {"truth": list(truth), "ignored": list(ignored),
            "predicted": [{"label": label, "confidence": confidence} for label, confidence in predicted]}


def single(seed, count, labels, skill, unknown, none, decimals):
    random = numpy.random.default_rng(seed)
    weights = 1 / numpy.arange(1, len(labels) + 1)
    rows = []
    for _ in range(count):
        truth = str(random.choice(labels, p=weights / weights.sum()))
        sure = float(random.uniform(0, 1).__round__(decimals))
        said = truth if random.uniform() < skill * (0.5 + sure / 2) else str(random.choice(labels))
        predicted = [] if random.uniform() < unknown else [(said, sure), (str(random.choice(labels)), sure / 2)]
        rows.append(row([] if random.uniform() < none else [truth], predicted))
    return rows


def multi(seed, count, labels):
    random = numpy.random.default_rng(seed)
    rows = []
    for _ in range(count):
        truth = [label for label in labels if random.uniform() < 0.25]
        ignored = [label for label in truth if random.uniform() < 0.2]
        said = [label for label in labels if random.uniform() < (0.8 if label in truth else 0.06)]
        predicted = sorted(((label, round(float(random.uniform(0.3, 1)), 4)) for label in said), key=lambda p: -p[1])
        rows.append(row([label for label in truth if label not in ignored], predicted, ignored))
    return rows


NICHES = ["Alpha", "Beta & Co", "Gamma, \"quoted\"", "Delta", "Epsilon", "Zeta"]
OFFERS = ["course", "coaching", "book", "podcast", "agency", "never"]
warnings.simplefilter("ignore")  # of labels that nobody has
cases = [
    case("niches", "single", single(1, 180, NICHES, 0.95, 0.05, 0.0, 4), seed=7),
    case("niches, some with none", "single", single(2, 60, NICHES[:3], 0.7, 0.2, 0.15, 1), bins=5),
    case("by chance", "single", single(3, 40, NICHES, 0.0, 0.0, 0.0, 2), bins=15),
    case("offers", "multi", multi(4, 150, OFFERS[:-1])),
    case("offers, few", "multi", multi(5, 12, OFFERS), seed=123456789012345),
    case("one right", "single", [row(["Alpha"], [("Alpha", 1.0)])]),
    case("one wrong", "multi", [row(["book"], [("course", 0.0)])]),
    case("all unknown", "single", [row(["Alpha"], []), row(["Delta"], [])]),
    case("rightly none", "multi", [row([], []), row([], [])]),
    case("confidences on borders", "single",
         [row(["Alpha"], [("Alpha" if i % 3 else "Delta", i / 10)]) for i in range(11)]),
    case("no confidences", "multi", [row(["book", "course"], [("book", None), ("agency", None)]), row(["book"], [])]),
]
path = ROOT / "tests/data/evaluation/measures.json"
path.write_text("[" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "]\n")

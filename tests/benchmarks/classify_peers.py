#!/usr/bin/env python3
"""Niches: ours against the plain way in Python with numpy, on one thread.

  $(scripts/bench_env) tests/benchmarks/classify_peers.py --bench build/release/bin/classify_bench
The peer does the same to the same texts: markup out, a regular expression per label for the lexicon, one matrix product
with the prototypes, exponentials and means per label, the best label. It gives no confidences. Vectors are made up on
both sides. Rounds alternate. Prints a table, and writes JSON where --json says.
"""
import argparse
import gzip
import html
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time
import unicodedata

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIELDS = {"niche": 1.5, "tags": 1.2, "what_you_do": 1.0, "who_you_serve": 0.5}


def pattern(entry):
    body = r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", entry.rstrip("*")))
    return rf"(?<!\w){body}" + (r"\w*" if entry.endswith("*") else r"(?!\w)")


def clean(text):
    text = re.sub(r"<[^>]+>", " ", html.unescape(html.unescape(re.sub(r"<[^>]+>", " ", text))))
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()[:3000]


def fields_of(row):
    tags = row.get("tags")
    row = dict(row, tags=", ".join(t for t in tags if isinstance(t, str)) if isinstance(tags, list) else None)
    return [(row[name], weight) for name, weight in FIELDS.items() if isinstance(row.get(name), str)]


class Peer:
    def __init__(self, dims):
        import numpy

        self.np = numpy
        labels = json.loads((ROOT / "lib/classify/taxonomies/niche-25.json").read_text())["labels"]
        self.lexicon = [
            (re.compile("|".join(pattern(entry) for entry, _ in label["lexicon"]), re.IGNORECASE), label) for label in labels
        ]
        self.starts = numpy.cumsum([0] + [len(label["prototypes"]) for label in labels])
        random = numpy.random.default_rng(1)
        self.prototypes = random.standard_normal((int(self.starts[-1]), dims), dtype=numpy.float32)
        self.prototypes /= numpy.linalg.norm(self.prototypes, axis=1, keepdims=True)
        with gzip.open(ROOT / "tests/data/fixtures/profiles-3143.jsonl.gz", "rt") as file:
            self.rows = [fields_of(json.loads(line)) for line in file]
        texts = sum(len(row) for row in self.rows)
        self.vectors = random.standard_normal((texts, dims), dtype=numpy.float32)
        self.vectors /= numpy.linalg.norm(self.vectors, axis=1, keepdims=True)

    def seconds(self):
        np = self.np
        start = time.perf_counter()
        powers = np.exp(20 * (self.vectors @ self.prototypes.T))
        counts = np.diff(self.starts)
        meaning = np.log(np.add.reduceat(powers, self.starts[:-1], axis=1) / counts) / 20
        at = 0
        for row in self.rows:
            score = np.zeros(len(self.lexicon))
            for text, weight in row:
                text = clean(text)
                words = np.array([len({m.lower() for m in found.findall(text)}) for found, _ in self.lexicon])
                score += weight * (meaning[at] + 0.04 * np.minimum(words, 2))
                at += 1
            score.argmax()
        return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--model")
    parser.add_argument("--json")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dims", type=int, default=384)
    options = parser.parse_args()
    peer = Peer(options.dims)
    ours, theirs = [], []
    for number in range(options.rounds):
        large = 200_000 if number == options.rounds - 1 else 0
        run = subprocess.run([options.bench, f"--dims={options.dims}", f"--large={large}"], check=True, capture_output=True)
        result = json.loads(run.stdout)
        ours.append(result["seconds"])
        theirs.append(peer.seconds())
    result["seconds"] = statistics.median(ours)
    result["peer_seconds"] = statistics.median(theirs)
    result["ratio"] = result["peer_seconds"] / result["seconds"]
    print(
        f"{result['profiles']} profiles x {result['labels']} labels: {result['seconds']:.3f} s; Python with numpy "
        f"{result['peer_seconds']:.2f} s, {result['ratio']:.0f} x; 1.2 million by extrapolation from 200,000: "
        f"{result['extrapolated_1200000_seconds']:.0f} s (load {result['load']:.1f})"
    )
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    sys.exit(main())

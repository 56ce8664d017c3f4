#!/usr/bin/env python3
"""Writes tests/data/tokenizer/wordpiece.jsonl: texts with the token ids of the reference tokenizer.

  $(scripts/bench_env) scripts/test_data/tokenizer_reference.py [MODEL_FOLDER]
The reference is PyPI `tokenizers` on the model's tokenizer.json, window 256, without padding, and with
encode_special_tokens, so that "[CLS]" in a text is text, as it is for us.
"""
import json
import sys

import tokenizers
from texts import HAND, ROOT, accented_texts, fixture_texts, random_texts

WINDOW = 256


def main():
    model = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".deps/models/all-MiniLM-L6-v2")
    tokenizer = tokenizers.Tokenizer.from_file(model + "/tokenizer.json")
    tokenizer.enable_truncation(WINDOW)
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    free = tokenizers.Tokenizer.from_str(tokenizer.to_str())
    free.no_truncation()
    free.encode_special_tokens = True
    target = ROOT / "tests/data/tokenizer/wordpiece.jsonl"
    with target.open("w", encoding="ascii") as out:
        for text in HAND + fixture_texts(300) + accented_texts(200) + random_texts(700):
            ids = tokenizer.encode(text).ids
            line = {"text": text, "ids": ids, "truncated": len(free.encode(text).ids) > WINDOW}
            out.write(json.dumps(line, separators=(",", ":")) + "\n")


main()

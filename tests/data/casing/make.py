#!/usr/bin/env python3
"""Writes casing.jsonl.gz and texts.jsonl.gz: how Python maps the case of code points and texts, and finds words.

usage: make.py [FOLDER]    default: the folder of this script

examples:
  python3 tests/data/casing/make.py
"""
import gzip
import json
import os
import random
import re
import sys
import unicodedata

CAPITAL_SIGMA = "\u03a3"
PIECES = [" ", "\u3000", "\u00a0", "\u200b", "\n", ".", "'", "-", "_", "x", "word", "WORD", "1", "\u0663", "\u00e9",
          "\u00df", CAPITAL_SIGMA, "\u0391\u03a3", "\u0130", "\u0301", "\ufb01", "\u01c6", "\u4e2d\u6587", "\U0001f642",
          "\u00aa", "\u24d0"]


def row(c):
    """[c, and what tests/text/casing_test.cpp compares, in its order]"""
    return [c, c.lower(), c.title(), ("a" + c).title(), (c + "a").title(), ("a" + CAPITAL_SIGMA + c + "b").lower()]


def is_plain(c, values):
    return values == [c, c, c, "A" + c, c + "A", "a\u03c2" + c + "b"]


def text_row(text):
    lower = text.lower()
    return [text, lower, text.title(), sorted(set(re.findall(r"\b\w{4,}\b", lower)))]


def write(path, rows):
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows]
    with open(path, "wb") as file:
        file.write(gzip.compress("".join(lines).encode(), mtime=0))


def main(arguments):
    if arguments and arguments[0] in ("--help", "-h"):
        print(__doc__.strip())
        return
    folder = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    rows = []
    for c in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.category(c) not in ("Cn", "Cs", "Co"):
            values = row(c)
            if not is_plain(c, values):
                rows.append(values)
    write(os.path.join(folder, "casing.jsonl.gz"), rows)
    draw = random.Random(5)
    texts = ("".join(draw.choice(PIECES) for _ in range(draw.randrange(20))) for _ in range(2000))
    write(os.path.join(folder, "texts.jsonl.gz"), map(text_row, texts))


if __name__ == "__main__":
    main(sys.argv[1:])

#!/usr/bin/env python3
"""Writes casing.jsonl.gz: what Python makes of the code points that have case or matter to it.

usage: make.py [FOLDER]    default: the folder of this script

examples:
  python3 tests/data/casing/make.py
"""
import gzip
import json
import os
import sys
import unicodedata

CAPITAL_SIGMA = "\u03a3"


def row(c):
    """[c, and what tests/text/casing_test.cpp compares, in its order]"""
    return [c, c.lower(), c.title(), ("a" + c).title(), (c + "a").title(), ("a" + CAPITAL_SIGMA + c + "b").lower()]


def is_plain(c, values):
    return values == [c, c, c, "A" + c, c + "A", "a\u03c2" + c + "b"]


def main(arguments):
    if arguments and arguments[0] in ("--help", "-h"):
        print(__doc__.strip())
        return
    folder = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    lines = []
    for c in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.category(c) not in ("Cn", "Cs", "Co"):
            values = row(c)
            if not is_plain(c, values):
                lines.append(json.dumps(values, ensure_ascii=False, separators=(",", ":")))
    data = ("\n".join(lines) + "\n").encode()
    with open(os.path.join(folder, "casing.jsonl.gz"), "wb") as file:
        file.write(gzip.compress(data, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])

#!/usr/bin/env python3
"""Writes the files of this folder: input that 'scripts/db load' must refuse. Same bytes every time.

usage: make.py [FOLDER]    default: the folder of this script

examples:
  python3 tests/data/bad/make.py
  python3 tests/data/bad/make.py /tmp/bad
"""
import gzip
import json
import os
import sys

GOOD = {"id": "10000000-0000-4000-8000-000000000001", "name": "Tilda Marchetti", "status": "Member", "list_size": 1200,
        "tags": ["coaching", "podcast"], "seeking": "podcast guests"}


def line(**changes):
    """A good row with changes, as bytes; every file starts with one good row, so that half a load would show."""
    return json.dumps(GOOD | changes).encode() + b"\n"


def second(**changes):
    return line() + line(id="10000000-0000-4000-8000-000000000002", **changes)


def gzipped(data):
    return gzip.compress(data, mtime=0)


def many_rows(count):
    return b"".join(line(id=f"20000000-0000-4000-8000-{number:012d}", notes="row %d" % (number * 7919))
                    for number in range(count))


FILES = {
    "nul_byte.jsonl": second(name="a@b").replace(b"a@b", b"a\0b"),
    "bad_utf8.jsonl": second(name="a@b").replace(b"a@b", b"a\xe9b"),
    "escaped_nul.jsonl": second(name="a@b").replace(b"a@b", b"a\\u0000b"),
    "lone_surrogate.jsonl": second(name="a@b").replace(b"a@b", b"a\\ud800b"),
    "surrogate_in_key.jsonl": second(content_platforms={"a@b": 1}).replace(b"a@b", b"a\\udc00b"),
    "not_json.jsonl": line() + b"id,name\n",
    "cut_line.jsonl": line() + line()[:40],
    "not_an_object.jsonl": line() + b"[1, 2]\n",
    "nan.jsonl": line() + b'{"id": "10000000-0000-4000-8000-000000000002", "name": "x", "profile_confidence": NaN}\n',
    "deep.jsonl": line() + b"[" * 100_000 + b"\n",
    "no_id.jsonl": line() + b'{"name": "Nobody"}\n',
    "id_not_uuid.jsonl": line() + b'{"id": "17", "name": "Seventeen"}\n',
    "no_name.jsonl": line() + b'{"id": "10000000-0000-4000-8000-000000000002", "email": "x@example.com"}\n',
    "null_name.jsonl": second(name=None),
    "unknown_column.jsonl": second(shoe_size=44),
    "text_is_number.jsonl": second(seeking=7),
    "integer_is_text.jsonl": second(list_size="1200"),
    "integer_too_large.jsonl": second(list_size=2**31),
    "float_is_bool.jsonl": second(profile_confidence=True),
    "array_is_text.jsonl": second(tags="coaching,podcast"),
    "too_long.jsonl": second(revenue_tier="x" * 21),
    "bad_date.jsonl": second(created_at="2026-02-30T00:00:00Z"),
    "duplicate_id.jsonl": second() + line(id=GOOD["id"].upper(), name="Tilda again"),
    "unknown_status.jsonl": second(status="Guest"),
    "not_gzip.jsonl.gz": line(),
    "cut_gzip.jsonl.gz": gzipped(many_rows(200))[:-400],
    "damaged_gzip.jsonl.gz": gzipped(many_rows(200))[:300] + b"\xff" * 40 + gzipped(many_rows(200))[340:],
}


def main(arguments):
    if arguments and arguments[0] in ("--help", "-h"):
        print(__doc__.strip())
        return
    folder = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    for name, data in FILES.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main(sys.argv[1:])

#!/usr/bin/env python3
"""How long a user waits for the program itself: --help, and one new profile embedded by the real model and written,
each from the start of the process to its end.

  JVMM_TEST_DATABASE_URL=$(scripts/db url) start_bench.py BINARY [MODEL]     (default: the program's own default model)
"""
import sys

from program import Database, Run, median, report


def main(jvmm, model):
    helps = [Run([jvmm, "--help"]).seconds for _ in range(51)][1:]
    with Database(jvmm, "jvmm_bench_start") as database:
        ids = database.sql("select id from profiles where length(seeking) > 20 and length(offering) > 20 and "
                           "length(who_you_serve) > 20 and length(what_you_do) > 20 order by id limit 5").split()
        singles = [database.backfill("--profile-ids", id, *(("--model", model) if model else ())) for id in ids]
        written = int(database.sql("select count(*) from profiles where embedding_seeking is not null"))
        if written != len(ids):
            sys.exit(f"{written} profiles were written, not {len(ids)}")
    report("start", [
        ("jvmm --help, median of 50", median(helps) * 1000, "ms", 20),
        ("jvmm --help, slowest", max(helps) * 1000, "ms", None),
        (f"one new profile with four texts, median of {len(singles)}", median([s.seconds for s in singles]), "s", 2),
        ("one new profile, first (model file not in memory yet)", singles[0].seconds, "s", None),
        ("one new profile, peak memory", max(s.peak_mib for s in singles), "MiB", None),
    ], {})


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else None)

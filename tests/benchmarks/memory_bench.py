#!/usr/bin/env python3
"""Memory of backfill-embeddings over 3,143 and over 300,000 profiles, which has to be the same, and the time of the
nightly run that finds nothing to do. The embedder is hashing:384, so that the database and the engine are what counts.

  JVMM_TEST_DATABASE_URL=$(scripts/db url) memory_bench.py BINARY [ROWS]     (default: 300000)
"""
import sys

from program import Database, report

EMPTY = """update profiles set seeking = null, offering = null, who_you_serve = null, what_you_do = null
           where id in (select id from profiles order by id limit (select count(*) * 9 / 10 from profiles))"""
MODEL = ("--model", "hashing:384")


def main(jvmm, rows):
    results = []
    with Database(jvmm, "jvmm_bench_memory") as database:
        small = database.backfill(*MODEL)
        results.append(("3,143 profiles: peak memory", small.peak_mib, "MiB", None))
        results.append(("3,143 profiles: time", small.seconds, "s", None))
        database.sql("truncate jvmm.ledger")
        database.grow(rows)
        large = database.backfill(*MODEL)
        results.append((f"{rows:,} profiles: peak memory", large.peak_mib, "MiB", None))
        results.append((f"{rows:,} profiles: time", large.seconds, "s", None))
        results.append(("ratio of the peaks (flat: about 1)", large.peak_mib / small.peak_mib, "x", 1.5))
        database.sql("vacuum analyze profiles")
        database.sql("vacuum analyze jvmm.ledger")
        nothing = database.backfill(*MODEL)
        results.append((f"{rows:,} profiles, nothing to do: time", nothing.seconds, "s", 10))
        results.append((f"{rows:,} profiles, nothing to do: peak memory", nothing.peak_mib, "MiB", None))
    with Database(jvmm, "jvmm_bench_memory") as database:
        database.grow(rows)
        database.sql(EMPTY)
        database.sql("vacuum full analyze profiles")
        first = database.backfill(*MODEL)
        results.append((f"{rows:,} profiles, 90 % of them empty: first run", first.seconds, "s", None))
        database.sql("vacuum analyze profiles")
        database.sql("vacuum analyze jvmm.ledger")
        second = database.backfill(*MODEL)
        results.append((f"{rows:,} profiles, 90 % of them empty: nothing to do", second.seconds, "s", 10))
    report("memory", results, {"rows": rows})


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 300_000)

#!/usr/bin/env python3
"""Rescoring 1, 100 and 30,000 stored matches, start of the process to its end, against writing the same scores by one
UPDATE a row over one connection, as the job that jvmm replaces did (psql, statements made before the clock starts; it
reads and computes nothing). Each begins with the same unscored rows; the two alternate within a round. Then all pairs of
the profiles, the best 50 of each published, and the update of that after an edit of ten profiles.

  JVMM_TEST_DATABASE_URL=$(scripts/db url) rescore_bench.py BINARY [ROUNDS]     (default: 3)
"""
import subprocess
import sys
import tempfile
import time

from program import Database, Run, median, report

PAIRS = """
create table pairs as
select gen_random_uuid() as id, a.id as profile_id, b.id as suggested_profile_id
from (select id, row_number() over (order by id) as n from profiles) a
join (select id, row_number() over (order by id) as n from profiles) b on a.n <> b.n and (a.n * 7919 + b.n * 104729) % 307 = 0
limit 30000
"""
UPDATES = """
select format('update match_suggestions set score_ab = %L, score_ba = %L, harmonic_mean = %L, match_reason = %L,
  match_context = %L where id = %L;', score_ab, score_ba, harmonic_mean, match_reason, match_context, id)
from match_suggestions
"""


def unscored(database, matches):
    database.sql(f"truncate match_suggestions; delete from jvmm.ledger where stage = 'rescore';"
                 f"insert into match_suggestions (id, profile_id, suggested_profile_id) select * from pairs limit {matches}")
    for statement in ("vacuum full analyze match_suggestions", "vacuum full analyze jvmm.ledger", "checkpoint"):
        database.sql(statement)


def ours(database, matches):
    run = Run([database.jvmm, "rescore", "--quiet"], database.env)
    done = int(database.sql("select count(*) from match_suggestions where harmonic_mean is not null"))
    if done != matches:
        sys.exit(f"{done} matches were scored, not {matches}")
    return run


def all_pairs(database, rounds):
    """The whole from nothing, and the update of what ten edits changed: read, compute, stage, publish."""
    command = [database.jvmm, "rescore", "--quiet", "--all-pairs", "--now", "2026-11-01T00:00:00Z"]
    wholes, updates = [], []
    for n in range(rounds):
        database.sql("truncate match_suggestions; truncate jvmm.generation cascade; vacuum full analyze match_suggestions")
        wholes.append(Run(command, database.env))
        database.sql(f"update profiles set list_size = {1000 + n} where id in (select id from profiles order by id limit 10)")
        updates.append(Run([*command, "--since", "1h"], database.env))
    rows = int(database.sql("select count(*) from match_suggestions where match_context -> 'generation' <> '0'"))
    return [(f"all pairs: {rows:,} rows published", median([run.seconds for run in wholes]), "s", None),
            ("all pairs: update after 10 edits", median([run.seconds for run in updates]), "s", None),
            ("all pairs: peak memory of jvmm", max(run.peak_mib for run in wholes), "MiB", None)]


def theirs(database, statements):
    start = time.monotonic()
    subprocess.run([database.psql, "-X", "-q", "-o", "/dev/null", "-f", statements, database.url], check=True)
    return time.monotonic() - start


def main(jvmm, rounds):
    results = []
    with Database(jvmm, "jvmm_bench_rescore") as database, tempfile.NamedTemporaryFile(suffix=".sql") as file:
        database.backfill("--model", "hashing:384")
        database.sql(PAIRS)
        for matches in (1, 100, 30_000):
            runs, peers = [], []
            for _ in range(rounds):
                unscored(database, matches)
                runs.append(ours(database, matches))
                database.sql(f"\\o {file.name}\n{UPDATES};")  # not through this process, whose size a child begins with
                unscored(database, matches)
                peers.append(theirs(database, file.name))
            seconds = median([run.seconds for run in runs])
            results += [(f"{matches:,} matches: jvmm rescore", seconds, "s", None),
                        (f"{matches:,} matches: one UPDATE a row", median(peers), "s", None),
                        (f"{matches:,} matches: ratio, median of the rounds",
                         median([peer / run.seconds for run, peer in zip(runs, peers)]), "x", None),
                        (f"{matches:,} matches: peak memory of jvmm", max(run.peak_mib for run in runs), "MiB", None)]
        unscored(database, 30_000)
        ours(database, 30_000)
        nothing = Run([database.jvmm, "rescore", "--quiet"], database.env)
        results.append(("30,000 matches, nothing to do", nothing.seconds, "s", None))
        results += all_pairs(database, rounds)
    report("rescore", results, {"rounds": rounds})


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 3)

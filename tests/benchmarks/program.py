"""What memory_bench and start_bench share: a database of their own on the test server, and jvmm measured from outside."""
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
FIXTURE = REPO / "tests/data/fixtures/profiles-3143.jsonl.gz"
LOAD = """
create temporary table line (document jsonb);
\\copy line from program 'gzip -dc {fixture}' with (format csv, quote e'\\x01', delimiter e'\\x02')
insert into profiles
select r.* from line,
  jsonb_populate_record(null::profiles, '{{"niche_categories": [], "offer_types": [], "credentials": {{}},
                                           "content_style": {{}}}}' || document || '{{"status": "Member"}}') r;
"""


def median(values):
    return statistics.median(values)


class Run:
    """One run of a program: seconds from start to exit, and its greatest resident memory."""

    def __init__(self, command, env=None):
        start = time.monotonic()
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.output = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.monotonic() - start
        self.peak_mib = usage.ru_maxrss / 1024
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            sys.exit(f"{' '.join(map(str, command))} ended with code {code}")


class Database:
    """A migrated database with the fixture in it, dropped at the end. The server is JVMM_TEST_DATABASE_URL's."""

    def __init__(self, jvmm, name):
        self.server = os.environ.get("JVMM_TEST_DATABASE_URL") or sys.exit(
            'first: export JVMM_TEST_DATABASE_URL="$(scripts/db url)"')
        deps = Path(os.environ.get("JVMM_DEPS", REPO / ".deps"))
        self.psql = str(deps / "pgbin/psql") if (deps / "pgbin/psql").exists() else "psql"
        self.jvmm, self.name = str(jvmm), name
        before, _, after = self.server.partition("?")
        self.url = before[: before.rindex("/") + 1] + name + ("?" + after if after else "")
        self.env = {**os.environ, "DATABASE_URL": self.url, "JVMM_PROGRESS": "never"}

    def __enter__(self):
        self.sql(f"drop database if exists {self.name} with (force)", self.server)
        self.sql(f"create database {self.name}", self.server)
        self.sql("create extension vector")
        for file in sorted((REPO / "sql/customer").glob("*.sql")):
            self.sql(file.read_text())
        Run([self.jvmm, "migrate"], self.env)
        self.sql(LOAD.format(fixture=FIXTURE))
        return self

    def __exit__(self, *_):
        self.sql(f"drop database if exists {self.name} with (force)", self.server)

    def sql(self, text, url=None):
        command = [self.psql, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", url or self.url]
        return subprocess.run(command, input=text, text=True, check=True, capture_output=True).stdout.strip()

    def grow(self, rows):
        """Copies of the fixture's profiles under new ids, until there are `rows`. Vectors and ledger start empty."""
        columns = self.sql("select string_agg(quote_ident(attname), ',') from pg_attribute where attrelid = "
                           "'profiles'::regclass and attnum > 0 and not attisdropped and attname <> 'id' "
                           "and attname not like 'embedding%'")
        self.sql(f"insert into profiles (id, {columns}) select gen_random_uuid(), {columns} from profiles, "
                 f"generate_series(1, {rows // 3143}) limit greatest({rows} - (select count(*) from profiles), 0)")
        self.sql("vacuum analyze profiles")

    def backfill(self, *options):
        return Run([self.jvmm, "backfill-embeddings", *options, "--quiet"], self.env)


def load():
    return round(os.getloadavg()[0], 1)


def report(benchmark, rows, facts):
    """A table on stderr, JSON on stdout. Each row: what, value, unit, target or None."""
    print(f"\n{benchmark}, load {load()}", file=sys.stderr)
    for what, value, unit, target in rows:
        aim = "" if target is None else f"   (target: at most {target:g} {unit})"
        print(f"  {what:<58} {value:>10.2f} {unit}{aim}", file=sys.stderr)
    print(json.dumps({"benchmark": benchmark, "load": load(), **facts, "results": [
        {"what": w, "value": round(v, 4), "unit": u, "target": t} for w, v, u, t in rows]}))

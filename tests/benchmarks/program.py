"""What the benchmarks in Python share: a database of their own on the test server, and jvmm measured from outside."""
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
    """One run of a program: seconds from start to exit, processor time with its children's, greatest resident memory."""

    def __init__(self, command, env=None):
        start = time.monotonic()
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.output = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.monotonic() - start
        self.cpu_seconds = usage.ru_utime + usage.ru_stime
        self.peak_mib = usage.ru_maxrss / 1024
        code = os.waitstatus_to_exitcode(status)
        if code != 0:
            sys.exit(f"{' '.join(map(str, command))} ended with code {code}")


class Database:
    """A migrated database with the fixture in it, dropped at the end. The server is JVMM_TEST_DATABASE_URL's."""

    def __init__(self, jvmm, name, fixture=True, template=None):
        self.server = os.environ.get("JVMM_TEST_DATABASE_URL") or sys.exit(
            'first: export JVMM_TEST_DATABASE_URL="$(scripts/db url)"')
        deps = Path(os.environ.get("JVMM_DEPS", REPO / ".deps"))
        self.psql = str(deps / "pgbin/psql") if (deps / "pgbin/psql").exists() else "psql"
        self.jvmm, self.name, self.fixture, self.template = str(jvmm), name, fixture, template
        before, _, after = self.server.partition("?")
        self.url = before[: before.rindex("/") + 1] + name + ("?" + after if after else "")
        self.env = {**os.environ, "DATABASE_URL": self.url, "JVMM_PROGRESS": "never"}

    def __enter__(self):
        self.sql(f"drop database if exists {self.name} with (force)", self.server)
        if self.template:
            self.sql(f"create database {self.name} template {self.template}", self.server)
            return self
        self.sql(f"create database {self.name}", self.server)
        self.sql("create extension vector")
        for file in sorted((REPO / "sql/customer").glob("*.sql")):
            self.sql(file.read_text())
        Run([self.jvmm, "migrate"], self.env)
        if self.fixture:
            self.sql(LOAD.format(fixture=FIXTURE))
        return self

    def __exit__(self, *_):
        self.sql(f"drop database if exists {self.name} with (force)", self.server)

    def copy(self, name):
        """REQUIRES: nobody is connected to this one."""
        return Database(self.jvmm, name, template=self.name)

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
    """A table on stderr, JSON on stdout. Each row: what, value, unit, target or None; a negative one is at least that."""
    print(f"\n{benchmark}, load {load()}", file=sys.stderr)
    for what, value, unit, target in rows:
        aim = "" if target is None else f"   (target: at {'most' if target >= 0 else 'least'} {abs(target):g} {unit})"
        print(f"  {what:<58} {value:>10.2f} {unit}{aim}", file=sys.stderr)
    print(json.dumps({"benchmark": benchmark, "load": load(), **facts, "results": [
        {"what": w, "value": round(v, 4), "unit": u, "target": t} for w, v, u, t in rows]}))

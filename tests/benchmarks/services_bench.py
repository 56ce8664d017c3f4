#!/usr/bin/env python3
"""backfill-embeddings by a service, start of the process to its end: inference_stub, beside the BINARY, poses as the
service and answers at once, after 50 ms, or three times a second. All texts differ, the answers' cache is new, and the
database is a copy of the same one each time. Processor time of jvmm, stub and PostgreSQL is counted apart, as they share
the cores.

The peers (services_job.py) alternate with it within a round, over the same stub and table: the job as it was, and one
with batches and threads.

  JVMM_TEST_DATABASE_URL=$(scripts/db url) services_bench.py BINARY [--rows N] [--rounds N] [--large N] [--parts a,b,…]
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from program import REPO, Database, Run, median, report

MODEL = "BAAI/bge-small-en-v1.5"
JOB = Path(__file__).with_name("services_job.py")
NAME = "jvmm_bench_services"
KINDS = ("openai", "tei", "hf")
RATE = 3  # requests per second
ROWS = """
insert into profiles (name, status, seeking, offering, who_you_serve, what_you_do)
select 'Profile ' || n, 'Member',
       'Seeking partners for a group coaching program on ' || md5('a' || n) || ' with an audience of founders',
       'Offering a podcast, a list of ' || n || ' readers and a summit about ' || md5('b' || n),
       'Coaches, consultants and authors who sell ' || md5('c' || n) || ' to women over forty',
       'Helps experts to fill their programs by ' || md5('d' || n) || ' without paid advertising'
from generate_series(1, {rows}) n
"""
VECTORS = """select coalesce(sum(num_nonnulls(embedding_seeking, embedding_offering, embedding_who_you_serve,
             embedding_what_you_do)), 0) from profiles"""


class Stub:
    """The service for one run; then its bill and its processor time."""

    def __init__(self, program, kind, *options):
        self.kind, self.file = kind, tempfile.NamedTemporaryFile(suffix=".json")
        command = [program, "--kind", kind, "--model", MODEL, "--bill", self.file.name, *map(str, options)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip() or sys.exit(f"{program} does not serve")

    def route(self):
        return f"hf:{MODEL}" if self.kind == "hf" else f"{self.kind}:{self.url}#{MODEL}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        usage = os.wait4(self.process.pid, 0)[2]
        self.process.returncode = 0
        self.seconds = usage.ru_utime + usage.ru_stime
        self.bill = json.loads(Path(self.file.name).read_text())
        self.answered = self.bill["requests_by_status"].get("200", 0)


class Server:
    """Processor time of PostgreSQL, with that of its processes that ended."""

    def __init__(self, database):
        with subprocess.Popen([database.psql, "-X", "-q", "-A", "-t", database.server], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as session:
            session.stdin.write("select pg_backend_pid();\n")
            session.stdin.flush()
            self.pid = self.stat(session.stdout.readline().strip())[1]
            session.stdin.close()

    @staticmethod
    def stat(pid):
        """/proc/PID/stat behind the name: state, parent, …"""
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()

    def seconds(self):
        ticks = 0
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                fields = self.stat(pid)
            except OSError:  # it just ended, and counts with the server's children
                continue
            if pid == self.pid or fields[1] == self.pid:
                ticks += sum(map(int, fields[11:15 if pid == self.pid else 13]))
        return ticks / os.sysconf("SC_CLK_TCK")


class World:
    """Copies of one database, one for each run."""

    def __init__(self, jvmm, folder):
        self.jvmm, self.folder, self.stub = str(jvmm), Path(folder), Path(jvmm).with_name("inference_stub")
        self.database = Database(jvmm, NAME, fixture=False)

    def fill(self, rows):
        self.database.sql("truncate profiles cascade")
        self.database.sql(ROWS.format(rows=rows))
        self.database.sql("vacuum analyze profiles")

    def run(self, kind, *stub_options, command=None, env=None, vectors=None):
        """One run on a new copy; what it took. Other than `vectors` (all by default) in the end: the benchmark fails."""
        copy, server = self.database.copy(f"{NAME}_run"), Server(self.database)
        cache = self.folder / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        self.database.sql("checkpoint", self.database.server)
        with copy, Stub(self.stub, kind, *stub_options) as stub:
            settings = {**copy.env, "JVMM_EMBED": stub.route(), "JVMM_HF_INFERENCE_URL": stub.url,
                        "JVMM_CACHE_FILE": str(cache / "answers.sqlite"), **(env or {})}
            settings.pop("JVMM_MODEL", None)
            before = server.seconds()
            run = Run(command(stub, copy) if command else [self.jvmm, "backfill-embeddings", "--quiet"], settings)
            run.server_seconds = server.seconds() - before
            run.vectors = int(copy.sql(VECTORS))
            expected = vectors or 4 * int(copy.sql("select count(*) from profiles"))
        run.stub, run.rate = stub, run.vectors / run.seconds
        if run.vectors != expected:
            sys.exit(f"{run.vectors} vectors were stored, not {expected}")
        return run

    def job(self, mode, texts):
        """The peer, which takes `texts` texts."""
        rows = texts // 4
        return self.run("tei", vectors=4 * rows, command=lambda stub, copy: [
            sys.executable, JOB, mode, stub.url, copy.url, copy.psql, str(rows)])


def microseconds(seconds, runs):
    return median([value / run.vectors * 1e6 for value, run in zip(seconds, runs)])


def costs(title, runs):
    return [(f"{title}: CPU of jvmm per vector", microseconds([run.cpu_seconds for run in runs], runs), "us", None),
            (f"{title}: CPU of the stub per vector", microseconds([run.stub.seconds for run in runs], runs), "us", None),
            (f"{title}: CPU of PostgreSQL per vector", microseconds([run.server_seconds for run in runs], runs), "us",
             None),
            (f"{title}: peak memory of jvmm", max(run.peak_mib for run in runs), "MiB", 256)]


def part_speed(world, options):
    """Answers at once, after 50 ms, and the peers, in alternating rounds."""
    runs = {}
    for _ in range(options.rounds):
        for kind in KINDS:
            runs.setdefault(kind, []).append(world.run(kind))
            runs.setdefault(f"{kind}, 50 ms", []).append(world.run(kind, "--latency-ms", 50))
        runs.setdefault("one", []).append(world.job("one", 2_000))
        runs.setdefault("threads", []).append(world.job("threads", min(10_000, 4 * options.rows)))
    results = []
    for kind in KINDS:
        slow = runs[f"{kind}, 50 ms"]
        results.append((f"{kind}", median([run.rate for run in runs[kind]]), "vectors/s", -8000))
        results += costs(kind, runs[kind])
        results.append((f"{kind}, 50 ms a request", median([run.rate for run in slow]), "vectors/s", None))
        results.append((f"{kind}, 50 ms a request: share of the speed without",
                        median([late.rate / run.rate for late, run in zip(slow, runs[kind])]), "x", -0.8))
    for mode, title in (("one", "job: a text a request, an UPDATE a row"), ("threads", "job: 32 texts, 8 threads")):
        results.append((title, median([run.rate for run in runs[mode]]), "vectors/s", None))
        results.append((f"{title}: CPU per vector",
                        microseconds([run.cpu_seconds for run in runs[mode]], runs[mode]), "us", None))
        results.append((f"{title}: jvmm (tei) is faster by",
                        median([run.rate / peer.rate for run, peer in zip(runs["tei"], runs[mode])]), "x", None))
    return results


def part_limit(world, options):
    """A service that takes three requests a second, 30 times. The bucket begins with a second's worth."""
    results = []
    world.fill(30 * 32 // 4)
    for title, flags in (("window", ["--rate-window"]), ("bucket", []), ("bucket, no Retry-After", ["--no-retry-after"]),
                         ("window, no Retry-After", ["--rate-window", "--no-retry-after"])):
        run = world.run("tei", "--rate-limit", RATE, *flags)
        least = run.stub.answered / RATE
        refused = run.stub.bill["requests_by_status"].get("429", 0)
        results += [(f"{RATE}/s, {title}: answered in {run.seconds:.1f} s, 1 is {least:.1f} s", run.seconds / least, "x",
                     1.1),
                    (f"{RATE}/s, {title}: requests answered", run.stub.answered, "", None),
                    (f"{RATE}/s, {title}: requests refused", refused, "", None)]
    return results


def part_large(world, options):
    world.fill(options.large)
    run = world.run("openai")
    title = f"{options.large:,} profiles, openai"
    return [(title, run.rate, "vectors/s", None), *costs(title, [run])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--rows", type=int, default=10_000, help="profiles of four texts (default: 10000)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--large", type=int, default=300_000, help="profiles of the part 'large'; 0: leave it out")
    parser.add_argument("--parts", default="speed,limit,large")
    options = parser.parse_args()
    parts = {"speed": part_speed, "limit": part_limit, "large": part_large}
    (REPO / "build").mkdir(exist_ok=True)
    results = []
    # A real disk, as the journal waits for it.
    with tempfile.TemporaryDirectory(dir=REPO / "build") as folder:
        world = World(options.binary, folder)
        with world.database:
            for name in options.parts.split(","):
                if name == "large" and options.large == 0:
                    continue
                if name == "speed":
                    world.fill(options.rows)
                results += parts[name](world, options)
    report("services", results, {"rows": options.rows, "rounds": options.rounds, "large": options.large})


if __name__ == "__main__":
    main()

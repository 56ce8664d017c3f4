#!/usr/bin/env python3
"""All pairs: ours against numpy and faiss on the same vectors and threads.

  $(scripts/bench_env) tests/benchmarks/all_pairs_peers.py --bench build/release/bin/all_pairs_bench
Two tasks. `score`: every pair of a synthetic model, both directions, best 50 kept; numpy does the same products in
blocks, adds them up and takes the best 50 by argpartition, but none of the tables, maps and means. `cosine`: the best
50 of a table against itself; faiss is IndexFlatIP. Rounds alternate. Peers search a sample of the rows where there are
many, and their seconds are scaled to all. Prints a table, and writes JSON where --json says.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOP = 50
BLOCK = 1024


def read(folder, name, dims):
    import numpy

    return numpy.fromfile(pathlib.Path(folder) / name, numpy.float32).reshape(-1, dims)


def numpy_score(folder, dims, rows):
    import numpy

    seeking, offering, audience = (read(folder, name, dims) for name in ("seeking", "offering", "audience"))
    start = time.perf_counter()
    for first in range(0, rows, BLOCK):
        at = slice(first, min(first + BLOCK, rows))
        score = seeking[at] @ offering.T
        score += offering[at] @ seeking.T
        score += audience[at] @ audience.T
        best = numpy.argpartition(score, -TOP, axis=1)[:, -TOP:]
        numpy.take_along_axis(score, best, axis=1).sort(axis=1)
    return (time.perf_counter() - start) * len(audience) / rows


def faiss_cosine(folder, dims, rows):
    import faiss

    audience = read(folder, "audience", dims)
    faiss.omp_set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    index = faiss.IndexFlatIP(dims)
    index.add(audience)
    start = time.perf_counter()
    index.search(audience[:rows], TOP + 1)  # itself is among them
    return (time.perf_counter() - start) * len(audience) / rows


PEERS = {"score": ("numpy", numpy_score), "cosine": ("faiss", faiss_cosine)}


def ours(bench, task, size, args, folder):
    command = [str(bench), f"--task={task}", f"--sizes={size}", f"--threads={args.threads}", "--rounds=1"]
    done = subprocess.run([*command, f"--vectors={folder}"], check=True, stdout=subprocess.PIPE, stderr=sys.stderr)
    return json.loads(done.stdout)[0]


def peer(task, folder, size, args):
    n, dims = (int(x) for x in size.split("x"))
    environment = dict(os.environ, OMP_NUM_THREADS=str(args.threads), OPENBLAS_NUM_THREADS=str(args.threads))
    command = [sys.executable, __file__, "--serve", task, folder, str(dims), str(min(n, args.sample))]
    return float(subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE).stdout)


def measure(task, size, args):
    results, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(args.rounds):
            results.append(ours(args.bench, task, size, args, folder))
            theirs.append(peer(task, folder, size, args))
    mine = [r["rounds"][0]["seconds"] for r in results]
    return {
        "task": task,
        "size": size,
        "peer": PEERS[task][0],
        "seconds": statistics.median(mine),
        "peer_seconds": statistics.median(theirs),
        "jvmm_is_times_faster": statistics.median(t / m for t, m in zip(theirs, mine)),
        "share_of_sgemm": statistics.median(r["rounds"][0]["share_of_sgemm"] for r in results),
        "share_of_sgemm_cpu": statistics.median(r["rounds"][0]["share_of_sgemm_cpu"] for r in results),
        "results": results,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=pathlib.Path, default=ROOT / "build/release/bin/all_pairs_bench")
    parser.add_argument("--model", help="not used; scripts/bench gives it to every benchmark with peers")
    parser.add_argument("--sizes", default="3143x384,3143x1024,10000x384,50000x384", help="PROFILESxDIMS,…")
    parser.add_argument("--tasks", default=",".join(PEERS), help="comma-separated, of: " + ", ".join(PEERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sample", type=int, default=4096, help="rows that a peer searches at most (default 4096)")
    parser.add_argument("--json", type=pathlib.Path)
    args = parser.parse_args()
    rows = [measure(task, size, args) for task in args.tasks.split(",") for size in args.sizes.split(",")]
    print(f"{'task':8} {'size':>12} {'jvmm s':>9} {'of SGEMM':>9} {'by cpu':>7} {'peer':>8} {'peer s':>9} {'jvmm is':>9}")
    for r in rows:
        print(
            f"{r['task']:8} {r['size']:>12} {r['seconds']:9.3f} {r['share_of_sgemm']:9.0%} {r['share_of_sgemm_cpu']:7.0%}"
            f" {r['peer']:>8} {r['peer_seconds']:9.3f} {r['jvmm_is_times_faster']:8.2f}x"
        )
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps({"threads": args.threads, "rows": rows}, indent=2) + "\n")


if sys.argv[1:2] == ["--serve"]:
    print(PEERS[sys.argv[2]][1](sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
else:
    main()

#!/usr/bin/env python3
"""Clusterings of n x 384 unit vectors: ours against what Python offers, fit alone, each in a process of its own.

  $(scripts/bench_env clusters) tests/benchmarks/clusters_peers.py --bench build/release/bin/clusters_bench
Rows are made up: 60 centres in 40 of the dimensions, small noise in all, and three rows in ten that belong to no centre.
JIT compilers are warmed up on 1,000 rows before the clock starts. Rounds alternate; the ratio is that of the medians.
Agreement is the adjusted Rand index to hdbscan's labels, or for k-means the sum of squared distances.
jvmm:personas is what cluster-personas does by default with as many profiles of the fixture (beyond 3,143 damaged copies),
from their texts on; umap is set against it, though it gets its vectors for nothing.
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
DIMS = 384
EXACT = ("sklearn", "hdbscan")
OURS = ("jvmm:hdbscan", "jvmm:kmeans", "jvmm:personas")
LARGE = 20_000  # above this only what is near linear


def vectors(n):
    import numpy

    random = numpy.random.default_rng(n)
    centres = numpy.zeros((60, DIMS), dtype=numpy.float32)
    centres[:, :40] = random.standard_normal((60, 40))
    rows = centres[random.integers(0, 60, n)] + 0.25 * random.standard_normal((n, DIMS), dtype=numpy.float32)
    alone = random.random(n) < 0.3
    rows[alone, :40] = random.standard_normal((int(alone.sum()), 40))
    return (rows / numpy.linalg.norm(rows, axis=1, keepdims=True)).astype(numpy.float32)


def fit_faiss(x, size, samples, threads):
    import faiss

    faiss.omp_set_num_threads(threads)
    model = faiss.Kmeans(DIMS, 25, niter=25, nredo=1, seed=1, spherical=True, max_points_per_centroid=len(x))
    model.train(x)
    return model.index.search(x, 1)[1].ravel()


def fit_sklearn(x, size, samples, threads):
    import sklearn.cluster

    return sklearn.cluster.HDBSCAN(min_cluster_size=size, min_samples=samples + 1, n_jobs=threads, copy=True).fit(x).labels_


def fit_hdbscan(x, size, samples, threads):
    import hdbscan

    return hdbscan.HDBSCAN(min_cluster_size=size, min_samples=samples, core_dist_n_jobs=threads,
                           approx_min_span_tree=False).fit(x).labels_


def fit_fast(x, size, samples, threads):
    import fast_hdbscan

    return fast_hdbscan.HDBSCAN(min_cluster_size=size, min_samples=samples).fit(x).labels_


def fit_umap(x, size, samples, threads):
    import umap

    return fit_hdbscan(umap.UMAP(n_components=5, min_dist=0.0, metric="cosine", random_state=1).fit_transform(x), size, samples,
                       threads)


PEERS = {"faiss": fit_faiss, "sklearn": fit_sklearn, "hdbscan": fit_hdbscan, "fast_hdbscan": fit_fast, "umap": fit_umap}


def peak():
    status = pathlib.Path("/proc/self/status").read_text()  # getrusage would count the process that started this one
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def serve(name, path, size, samples, threads):
    import numpy

    x = numpy.fromfile(path, dtype=numpy.float32).reshape(-1, DIMS)
    PEERS[name](x[:1000], size, samples, threads)
    before, start = peak(), time.perf_counter()
    labels = PEERS[name](x, size, samples, threads)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak_mib": peak(), "before_mib": before, "labels": labels.tolist()}))


def run(name, path, n, args):
    size = max(15, n // 200)
    if name.startswith("jvmm"):
        command = [str(args.bench), f"--task={name[5:]}", f"--vectors={path}", f"--rows={n}", f"--threads={args.threads}",
                   f"--min-cluster-size={size}", "--min-samples=10"]
    else:
        command = [sys.executable, __file__, "--serve", name, path, str(size), "10", str(args.threads)]
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    environment = dict(os.environ, **{variable: str(args.threads) for variable in names})
    done = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout.splitlines()[-1])


def squares(x, labels):
    import numpy

    labels, sums = numpy.asarray(labels), 0.0
    for label in range(labels.max() + 1):
        rows = x[labels == label]
        if len(rows):
            centre = rows.sum(0) / numpy.linalg.norm(rows.sum(0))
            sums += float(((rows - centre) ** 2).sum())
    return sums


def ours(name):
    return {"faiss": "jvmm:kmeans", "umap": "jvmm:personas"}.get(name, name if name in OURS else "jvmm:hdbscan")


def agreement(name, x, labels, reference):
    from sklearn.metrics import adjusted_rand_score

    if ours(name) == "jvmm:kmeans":
        return squares(x, labels)
    return adjusted_rand_score(reference, labels) if reference and name != "jvmm:personas" else None


def measure(n, args):
    names = [name for name in (*OURS, *PEERS) if name in args.methods.split(",")]
    if n > LARGE:
        names = [name for name in names if name not in (*EXACT, "umap", "jvmm:personas")]
    x, runs = vectors(n), {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "vectors.f32")
        x.tofile(path)
        for _ in range(args.rounds):
            for name in names:
                runs[name].append(run(name, path, n, args))
    exact = runs.get("hdbscan", runs.get("jvmm:hdbscan"))
    reference = exact[0]["labels"] if exact else None
    rows = []
    for name in names:
        mine = ours(name)
        seconds = statistics.median(r["seconds"] for r in runs[name])
        labels = runs[name][0]["labels"]
        rows.append({
            "n": n, "method": name, "seconds": seconds, "all_seconds": [r["seconds"] for r in runs[name]],
            "times_ours": seconds / statistics.median(r["seconds"] for r in runs[mine]) if mine in runs else None,
            "peak_mib": max(r["peak_mib"] for r in runs[name]),
            "fit_mib": max(r["peak_mib"] - r["before_mib"] for r in runs[name]),
            "clusters": max(labels) + 1, "noise": sum(label < 0 for label in labels) / n,
            "agreement": agreement(name, x, labels, reference),
        })
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=pathlib.Path, default=ROOT / "build/release/bin/clusters_bench")
    parser.add_argument("--model", help="not used; scripts/bench gives it to every benchmark with peers")
    parser.add_argument("--sizes", default="3143,10000,50000")
    parser.add_argument("--methods", default=",".join((*OURS, *PEERS)))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=pathlib.Path)
    args = parser.parse_args()
    print(f"{'n':>6} {'method':13} {'seconds':>9} {'x ours':>7} {'peak MiB':>9} {'fit MiB':>8} {'clusters':>8} {'noise':>6} agreement")
    rows = []
    for n in (int(size) for size in args.sizes.split(",")):
        for r in measure(n, args):
            rows.append(r)
            times, agreement = (f"{v:.4g}" if v is not None else "-" for v in (r["times_ours"], r["agreement"]))
            print(f"{n:6} {r['method']:13} {r['seconds']:9.3f} {times:>7} {r['peak_mib']:9.0f} {r['fit_mib']:8.0f}"
                  f" {r['clusters']:8} {r['noise']:6.1%} {agreement}", flush=True)
    load = os.getloadavg()[0]
    print(f"load {load:.1f}, {args.threads} threads, {args.rounds} rounds")
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps({"load": load, "threads": args.threads, "rows": rows}, indent=1) + "\n")


if sys.argv[1:2] == ["--serve"]:
    serve(sys.argv[2], sys.argv[3], *(int(x) for x in sys.argv[4:]))
else:
    main()

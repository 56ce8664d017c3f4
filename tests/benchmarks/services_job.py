#!/usr/bin/env python3
"""What a user would run instead of jvmm, for services_bench: reads profiles, asks a TEI, and sends one UPDATE a row
through psql, each committed by itself. Keeps no answers, checks nothing, guards against no edit.

  services_job.py one|threads URL DATABASE PSQL ROWS     one text a request, in sequence; or 32, on 8 threads
"""
import http.client
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import local
from urllib.parse import urlparse

FIELDS = ("seeking", "offering", "who_you_serve", "what_you_do")
connections = local()


def ask(url, texts):
    """One connection a thread, kept open."""
    if not hasattr(connections, "open"):
        connections.open = http.client.HTTPConnection(urlparse(url).netloc)
    body = json.dumps({"inputs": texts, "normalize": True, "truncate": True})
    connections.open.request("POST", "/embed", body, {"Content-Type": "application/json"})
    reply = connections.open.getresponse()
    answer = reply.read()
    if reply.status != 200:
        sys.exit(f"{reply.status}: {answer[:200]}")
    return json.loads(answer)


def update(row, vectors):
    columns = ", ".join(f"embedding_{field} = '[{','.join(map(repr, vector))}]'" for field, vector in zip(FIELDS, vectors))
    return f"update profiles set {columns}, embeddings_model = 'job', embeddings_updated_at = now() where id = '{row}';\n"


def in_sequence(url, rows):
    for row in rows:
        yield row["id"], [ask(url, [row[field]])[0] for field in FIELDS]


def on_threads(url, rows):
    chunks = [rows[i:i + 8] for i in range(0, len(rows), 8)]

    def embed(chunk):
        return ask(url, [row[field] for row in chunk for field in FIELDS])

    with ThreadPoolExecutor(8) as pool:
        for chunk, vectors in zip(chunks, pool.map(embed, chunks)):
            for i, row in enumerate(chunk):
                yield row["id"], vectors[4 * i:4 * i + 4]


def main(mode, url, database, psql, count):
    command = [psql, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", database]
    select = f"select json_build_object('id', id, {', '.join(f'{f!r}, {f}' for f in FIELDS)}) from profiles limit {count}"
    lines = subprocess.run([*command, "-c", select], check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as writer:
        for row, vectors in (in_sequence if mode == "one" else on_threads)(url, rows):
            writer.stdin.write(update(row, vectors))
        writer.stdin.close()
    sys.exit(writer.returncode)


if __name__ == "__main__":
    if len(sys.argv) != 6 or sys.argv[1] not in ("one", "threads"):
        sys.exit(__doc__)
    main(*sys.argv[1:])

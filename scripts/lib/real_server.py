#!/usr/bin/env python3
"""Runs llama.cpp's server with an embedding model. Part of scripts/real_server, which says how.

usage: real_server.py MODEL.gguf NAME PORT

Prints the URL once the server says that it is healthy, and ends with its standard input or with a signal. Descriptor 2
is the server's log; problems go to descriptor 3.
"""
import os
import signal
import sys
import time
import urllib.error
import urllib.request

import xllamacpp

SLOTS = 4  # texts at once, each with the window of the model's positions
POSITIONS = 512
SECONDS_TO_HEALTH = 120


def parameters(model, name, port):
    out = xllamacpp.CommonParams()
    out.model.path = model
    out.model_alias = {name}
    out.embedding = True
    out.hostnames = ["127.0.0.1"]
    out.port = port
    out.offline = True
    out.cpuparams.n_threads = out.cpuparams_batch.n_threads = 1  # more wait for each other on a busy machine
    out.n_parallel = SLOTS
    out.n_ctx = out.n_batch = out.n_ubatch = SLOTS * POSITIONS
    return out


def wait_for_health(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + SECONDS_TO_HEALTH
    while time.monotonic() < end:
        try:
            with opener.open(url + "/health", timeout=5) as reply:
                if reply.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.05)
    raise TimeoutError(f"{url}/health did not answer 200 within {SECONDS_TO_HEALTH} seconds")


def main(model, name, port):
    for end in (signal.SIGTERM, signal.SIGINT):
        signal.signal(end, lambda *_: os._exit(0))
    server = xllamacpp.Server(parameters(model, name, int(port)))
    wait_for_health(server.listening_address)
    print(server.listening_address, flush=True)
    while os.read(0, 4096):
        pass
    os._exit(0)  # nothing is worth a wait for its threads


def complain(problem):
    """To the user, whose stderr is descriptor 3; 2 is the server's log."""
    os.write(3, f"real_server: the server does not run: {problem}\n".encode())


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as error:  # whatever it is, the user has to see it
        complain(error)
        os._exit(70)

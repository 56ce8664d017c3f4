#!/usr/bin/env python3
"""Turns a BERT encoder from safetensors (float32) into llama.cpp's GGUF, with the standard library only.

usage: safetensors_to_gguf.py MODEL_FOLDER OUTPUT.gguf

MODEL_FOLDER holds config.json, model.safetensors, tokenizer.json and 1_Pooling/config.json. All tensors stay float32.
llama.cpp's own converter wants torch and transformers; this gives the same names and values for BERT with WordPiece.
The same input gives the same bytes on every machine, so the result can be pinned by its hash.

examples:
  safetensors_to_gguf.py all-MiniLM-L6-v2 all-MiniLM-L6-v2.gguf
"""
import json
import os
import struct
import sys

from safetensors_to_onnx import Safetensors

UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9  # gguf_type
F32 = 0  # ggml_type
ALIGNMENT = 32
POOLINGS = {"pooling_mode_mean_tokens": 1, "pooling_mode_cls_token": 2}  # llama_pooling_type
NORMAL, CONTROL = 1, 3  # of a token

TABLES = {"token_embd.weight": "embeddings.word_embeddings.weight",
          "token_types.weight": "embeddings.token_type_embeddings.weight",
          "position_embd.weight": "embeddings.position_embeddings.weight"}
LINEARS = {"attn_q": "attention.self.query", "attn_k": "attention.self.key", "attn_v": "attention.self.value",
           "attn_output": "attention.output.dense", "attn_output_norm": "attention.output.LayerNorm",
           "ffn_up": "intermediate.dense", "ffn_down": "output.dense", "layer_output_norm": "output.LayerNorm"}


# --- the format ------------------------------------------------------------------------------------------------------

def string(text):
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw


def packed(kind, value):
    if kind == STRING:
        return string(value)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def entry(key, kind, value):
    return string(key) + struct.pack("<I", kind) + packed(kind, value)


def list_entry(key, kind, values):
    head = string(key) + struct.pack("<IIQ", ARRAY, kind, len(values))
    return head + b"".join(packed(kind, value) for value in values)


def padding(size):
    return b"\0" * (-size % ALIGNMENT)


def gguf(entries, tensors):
    """The file's bytes; tensors as (name, shape, little-endian float32)."""
    infos, data = bytearray(), bytearray()
    for name, shape, raw in tensors:
        infos += string(name) + struct.pack("<I", len(shape))
        infos += b"".join(struct.pack("<Q", size) for size in reversed(shape))  # the quickest axis first
        infos += struct.pack("<IQ", F32, len(data))
        data += raw + padding(len(raw))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(entries)) + b"".join(entries) + bytes(infos)
    return head + padding(len(head)) + bytes(data)


# --- BERT ------------------------------------------------------------------------------------------------------------

def model_entries(name, config, pooling):
    numbers = {"context_length": "max_position_embeddings", "embedding_length": "hidden_size",
               "feed_forward_length": "intermediate_size", "block_count": "num_hidden_layers",
               "attention.head_count": "num_attention_heads"}
    return [entry("general.architecture", STRING, "bert"), entry("general.name", STRING, name),
            entry("general.file_type", UINT32, 0),
            *(entry("bert." + key, UINT32, config[own]) for key, own in numbers.items()),
            entry("bert.attention.layer_norm_epsilon", FLOAT32, config["layer_norm_eps"]),
            entry("bert.attention.causal", BOOL, False), entry("bert.pooling_type", UINT32, pooling)]


def vocabulary_entries(tokenizer, type_count):
    """Words begin with U+2581 and their continuations with nothing, where BERT has nothing and '##'."""
    ids = tokenizer["model"]["vocab"]
    special = {token["content"] for token in tokenizer["added_tokens"] if token["special"]}
    words = sorted(ids, key=ids.get)
    if [ids[word] for word in words] != list(range(len(words))):
        raise ValueError("the vocabulary's ids have gaps")

    def spelt(word):
        return word if word in special else word[2:] if word.startswith("##") else "\u2581" + word

    roles = {"unknown": "[UNK]", "seperator": "[SEP]", "padding": "[PAD]", "cls": "[CLS]", "mask": "[MASK]",
             "bos": "[CLS]"}
    return [entry("tokenizer.ggml.model", STRING, "bert"), entry("tokenizer.ggml.pre", STRING, "jina-v2-en"),
            entry("tokenizer.ggml.token_type_count", UINT32, type_count),
            list_entry("tokenizer.ggml.tokens", STRING, [spelt(word) for word in words]),
            list_entry("tokenizer.ggml.token_type", INT32, [CONTROL if word in special else NORMAL for word in words]),
            *(entry(f"tokenizer.ggml.{role}_token_id", UINT32, ids[word]) for role, word in roles.items())]


def model_tensors(weights, layers):
    names = dict(TABLES)
    linears = {"token_embd_norm": "embeddings.LayerNorm"}
    for layer in range(layers):
        linears.update({f"blk.{layer}.{key}": f"encoder.layer.{layer}.{own}" for key, own in LINEARS.items()})
    for key, own in linears.items():
        names.update({f"{key}.{part}": f"{own}.{part}" for part in ("weight", "bias")})
    return [(name, *weights.read(own)) for name, own in names.items()]


def read_json(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


def main(arguments):
    if arguments in (["--help"], ["-h"]):
        print(__doc__)
        return 0
    if len(arguments) != 2:
        print("usage: safetensors_to_gguf.py MODEL_FOLDER OUTPUT.gguf", file=sys.stderr)
        return 64
    folder, output = arguments
    config, pooling = read_json(folder, "config.json"), read_json(folder, "1_Pooling", "config.json")
    poolings = [number for key, number in POOLINGS.items() if pooling.get(key)]
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu" or len(poolings) != 1:
        print(f"{folder}: only BERT with gelu, pooled by its mean or first token, is supported", file=sys.stderr)
        return 65
    name = os.path.basename(os.path.abspath(folder))
    entries = model_entries(name, config, poolings[0])
    entries += vocabulary_entries(read_json(folder, "tokenizer.json"), config["type_vocab_size"])
    weights = Safetensors(os.path.join(folder, "model.safetensors"))
    with open(output + ".new", "wb") as file:
        file.write(gguf(entries, model_tensors(weights, config["num_hidden_layers"])))
    os.replace(output + ".new", output)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""Turns a BERT encoder from safetensors (float32) into an ONNX model, with the standard library only.

usage: safetensors_to_onnx.py MODEL_FOLDER OUTPUT.onnx

MODEL_FOLDER holds config.json and model.safetensors. The graph takes input_ids, attention_mask and token_type_ids
(int64, batch x sequence) and gives last_hidden_state (float32, batch x sequence x hidden); pooling and normalisation
are the caller's. Both axes are dynamic. The same input gives the same bytes on every machine, so the result can be
pinned by its hash: names, order and constants below are part of the format and change only with the pin.

examples:
  safetensors_to_onnx.py all-MiniLM-L6-v2 model.onnx
  safetensors_to_onnx.py ~/models/bge-small-en-v1.5 /tmp/bge-small.onnx
"""
import array
import json
import math
import os
import struct
import sys

OPSET = 17  # the first with LayerNormalization
IR_VERSION = 8
FLOAT, INT64 = 1, 7  # TensorProto.DataType
ATTRIBUTE_FLOAT, ATTRIBUTE_INT, ATTRIBUTE_INTS = 1, 2, 7  # AttributeProto.AttributeType
MASKED = -1e9  # added to the attention logits of padding


# --- Protocol Buffers, as far as ONNX needs them ---------------------------------------------------------------------

def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def int_field(number, value):
    return varint(number << 3) + varint(value)


def float_field(number, value):
    return varint(number << 3 | 5) + struct.pack("<f", value)


def bytes_field(number, value):
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


# --- input -----------------------------------------------------------------------------------------------------------

class Safetensors:
    """The tensors of one file, read on demand. A 'bert.' before all names is ignored."""

    def __init__(self, path):
        self.file = open(path, "rb")
        (header_size,) = struct.unpack("<Q", self.file.read(8))
        self.header = json.loads(self.file.read(header_size))
        self.data_begin = 8 + header_size
        self.prefix = "bert." if any(name.startswith("bert.") for name in self.header) else ""

    def read(self, name):
        """Shape and little-endian bytes."""
        entry = self.header[self.prefix + name]
        if entry["dtype"] != "F32":
            raise ValueError(f"{name} is {entry['dtype']}; only F32 is supported")
        begin, end = entry["data_offsets"]
        self.file.seek(self.data_begin + begin)
        return entry["shape"], self.file.read(end - begin)

    def read_transposed(self, name):
        """The same for a matrix, rows and columns exchanged: torch keeps x W^T, ONNX multiplies x W."""
        (rows, columns), raw = self.read(name)
        values = array.array("f", raw)
        transposed = array.array("f")
        for column in range(columns):
            transposed.extend(values[column::columns])
        return [columns, rows], transposed.tobytes()


# --- output ----------------------------------------------------------------------------------------------------------

class Graph:
    """Collects nodes and constants; every method returns the name of the value it adds."""

    def __init__(self):
        self.nodes = []
        self.constants = []

    def constant(self, name, dims, raw, data_type=FLOAT):
        tensor = b"".join(int_field(1, dim) for dim in dims)
        tensor += int_field(2, data_type) + bytes_field(8, name) + bytes_field(9, raw)
        self.constants.append(bytes_field(5, tensor))
        return name

    def int_vector(self, name, *values):
        return self.constant(name, [len(values)], struct.pack(f"<{len(values)}q", *values), INT64)

    def scalar(self, name, value):
        return self.constant(name, [], struct.pack("<f", value))

    def node(self, operator, *inputs, output=None, **attributes):
        number = len(self.nodes) + 1
        output = output or f"t{number}"
        node = b"".join(bytes_field(1, name) for name in inputs)
        node += bytes_field(2, output) + bytes_field(3, f"n{number}_{operator}") + bytes_field(4, operator)
        node += b"".join(attribute(name, value) for name, value in attributes.items())
        self.nodes.append(bytes_field(1, node))
        return output

    def model(self, inputs, outputs):
        """The serialised ModelProto; inputs and outputs as made by value_info()."""
        graph = b"".join(self.nodes) + bytes_field(2, "bert") + b"".join(self.constants)
        graph += b"".join(bytes_field(11, value) for value in inputs)
        graph += b"".join(bytes_field(12, value) for value in outputs)
        opset = bytes_field(1, "") + int_field(2, OPSET)
        return int_field(1, IR_VERSION) + bytes_field(2, "st2onnx") + bytes_field(7, graph) + bytes_field(8, opset)


def attribute(name, value):
    if isinstance(value, float):
        body = bytes_field(1, name) + float_field(2, value) + int_field(20, ATTRIBUTE_FLOAT)
    elif isinstance(value, int):
        body = bytes_field(1, name) + int_field(3, value) + int_field(20, ATTRIBUTE_INT)
    else:
        body = bytes_field(1, name) + b"".join(int_field(8, item) for item in value) + int_field(20, ATTRIBUTE_INTS)
    return bytes_field(5, body)


def value_info(name, data_type, dims):
    """A dimension is a number, or a name where it is dynamic."""
    shape = b"".join(
        bytes_field(1, bytes_field(2, dim) if isinstance(dim, str) else int_field(1, dim)) for dim in dims)
    tensor_type = int_field(1, data_type) + bytes_field(2, shape)
    return bytes_field(1, name) + bytes_field(2, bytes_field(1, tensor_type))


# --- BERT ------------------------------------------------------------------------------------------------------------

class Bert:
    def __init__(self, config, weights):
        self.config = config
        self.weights = weights
        self.graph = Graph()
        self.hidden = config["hidden_size"]
        self.heads = config["num_attention_heads"]

    def table(self, name, key):
        return self.graph.constant(name, *self.weights.read(key))

    def linear(self, x, key):
        weight = self.graph.constant(key + ".w", *self.weights.read_transposed(key + ".weight"))
        product = self.graph.node("MatMul", x, weight)
        return self.graph.node("Add", product, self.table(key + ".b", key + ".bias"))

    def layer_norm(self, x, key):
        scale = self.table(key + ".g", key + ".weight")
        shift = self.table(key + ".b", key + ".bias")
        epsilon = float(self.config["layer_norm_eps"])
        return self.graph.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)

    def embeddings(self):
        """Word + type + position, normalised."""
        graph = self.graph
        zero, one, two = (graph.int_vector(f"i{value}", value) for value in range(3))
        position_table = self.table("pos", "embeddings.position_embeddings.weight")
        shape = graph.node("Shape", "input_ids")
        length = graph.node("Slice", shape, one, two)
        positions = graph.node("Slice", position_table, zero, length, zero)
        word_table = self.table("wte", "embeddings.word_embeddings.weight")
        words = graph.node("Gather", word_table, "input_ids")
        type_table = self.table("tte", "embeddings.token_type_embeddings.weight")
        types = graph.node("Gather", type_table, "token_type_ids")
        summed = graph.node("Add", graph.node("Add", words, types), positions)
        return self.layer_norm(summed, "embeddings.LayerNorm")

    def add_constants(self):
        """What all layers share."""
        graph, head_size = self.graph, self.hidden // self.heads
        one = graph.scalar("one", 1)
        mask = graph.node("Cast", "attention_mask", to=FLOAT)
        inverted = graph.node("Sub", one, mask)
        penalty = graph.node("Mul", inverted, graph.scalar("neg", MASKED))
        self.mask = graph.node("Unsqueeze", penalty, graph.int_vector("ax", 1, 2))
        self.split = graph.int_vector("split", 0, 0, self.heads, head_size)
        self.merge = graph.int_vector("merge", 0, 0, self.hidden)
        self.scale = graph.scalar("scale", 1 / math.sqrt(head_size))
        self.half = graph.scalar("half", 0.5)
        self.sqrt2 = graph.scalar("sqrt2", math.sqrt(2))

    def head_view(self, x, key, order):
        split = self.graph.node("Reshape", self.linear(x, key), self.split)
        return self.graph.node("Transpose", split, perm=order)

    def attention(self, x, layer):
        graph, key = self.graph, layer + "attention.self."
        query = self.head_view(x, key + "query", [0, 2, 1, 3])
        keys = self.head_view(x, key + "key", [0, 2, 3, 1])
        values = self.head_view(x, key + "value", [0, 2, 1, 3])
        logits = graph.node("Mul", graph.node("MatMul", query, keys), self.scale)
        weights = graph.node("Softmax", graph.node("Add", logits, self.mask), axis=-1)
        mixed = graph.node("Transpose", graph.node("MatMul", weights, values), perm=[0, 2, 1, 3])
        return graph.node("Reshape", mixed, self.merge)

    def gelu(self, x):
        halved = self.graph.node("Mul", x, self.half)
        error = self.graph.node("Erf", self.graph.node("Div", x, self.sqrt2))
        return self.graph.node("Mul", halved, self.graph.node("Add", error, "one"))

    def layer(self, x, number):
        key = f"encoder.layer.{number}."
        attended = self.linear(self.attention(x, key), key + "attention.output.dense")
        x = self.layer_norm(self.graph.node("Add", attended, x), key + "attention.output.LayerNorm")
        inner = self.gelu(self.linear(x, key + "intermediate.dense"))
        outer = self.linear(inner, key + "output.dense")
        return self.layer_norm(self.graph.node("Add", outer, x), key + "output.LayerNorm")

    def build(self):
        x = self.embeddings()
        self.add_constants()
        for number in range(self.config["num_hidden_layers"]):
            x = self.layer(x, number)
        self.graph.node("Identity", x, output="last_hidden_state")
        inputs = [value_info(name, INT64, ["batch", "sequence"])
                  for name in ("input_ids", "attention_mask", "token_type_ids")]
        return self.graph.model(inputs, [value_info("last_hidden_state", FLOAT, ["batch", "sequence", self.hidden])])


def main(arguments):
    if arguments in (["--help"], ["-h"]):
        print(__doc__)
        return 0
    if len(arguments) != 2:
        print("usage: safetensors_to_onnx.py MODEL_FOLDER OUTPUT.onnx", file=sys.stderr)
        return 64
    folder, output = arguments
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    wanted = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
    for key, value in wanted.items():
        if config.get(key, "absolute" if key == "position_embedding_type" else None) != value:
            print(f"{folder}/config.json: {key} is {config.get(key)!r}, only {value!r} is supported", file=sys.stderr)
            return 65
    if sys.byteorder != "little":
        print("only little-endian machines are supported", file=sys.stderr)
        return 78
    model = Bert(config, Safetensors(os.path.join(folder, "model.safetensors"))).build()
    with open(output + ".new", "wb") as file:
        file.write(model)
    os.replace(output + ".new", output)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""convert.py MODEL.onnx WEIGHTS: what silero.h reads, of Silero VAD v6 as it is published.

README.md has the layout. Any other model is refused.
"""
import hashlib
import struct
import sys

MODEL = "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3"
MAGIC = b"silero-6"
NAMES = [
    "stft.forward_basis_buffer",
    *("encoder.%d.reparam_conv.%s" % (layer, part)
      for layer in range(4) for part in ("weight", "bias")),
    "decoder.rnn.weight_ih", "decoder.rnn.weight_hh",
    "decoder.rnn.bias_ih", "decoder.rnn.bias_hh",
    "decoder.decoder.2.weight", "decoder.decoder.2.bias",
]


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """(number, value) of each field of a message of protocol buffers."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(kind)
            if size is None:
                size, at = varint(data, at)
            value = data[at:at + size]
            at += size
        yield key >> 3, value


def first(data, number, default=b""):
    return next((value for n, value in fields(data) if n == number), default)


def nodes(graph):
    return [value for number, value in fields(graph) if number == 1]


def attributes(node):
    """name -> AttributeProto"""
    found = [value for number, value in fields(node) if number == 5]
    return {first(value, 1).decode(): value for value in found}


def find_tensors(graph):
    """name -> bytes, of all constants of a graph"""
    tensors = {}
    for node in nodes(graph):
        if first(node, 4) == b"Constant" and "value" in attributes(node):
            tensor = first(attributes(node)["value"], 5)
            tensors[first(tensor, 8).decode()] = first(tensor, 9)
    return tensors


def find_branches(model):
    """The graphs for 8 and 16 kHz: one decision is made in the outermost graph."""
    graph = first(model, 7)
    choice = next(node for node in nodes(graph) if first(node, 4) == b"If")
    graphs = attributes(choice)
    return {8000: first(graphs["else_branch"], 6), 16000: first(graphs["then_branch"], 6)}


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: convert.py MODEL.onnx WEIGHTS")
    with open(sys.argv[1], "rb") as file:
        model = file.read()
    if hashlib.sha256(model).hexdigest() != MODEL:
        sys.exit("%s is not Silero VAD v6 as it was published" % sys.argv[1])
    out = bytearray(MAGIC)
    for rate, graph in sorted(find_branches(model).items()):
        tensors = find_tensors(graph)
        out += struct.pack("<I", rate)
        for name in NAMES:
            out += struct.pack("<I", len(tensors[name]) // 4) + tensors[name]
    with open(sys.argv[2], "wb") as file:
        file.write(out)


if __name__ == "__main__":
    main()

"""The network as an ONNX graph, written node by node: int8 weights, fixed activation scales.

Fused operators of onnxruntime (``com.microsoft``) do each step in one pass; nothing here is
exported by a tracer, so what runs can be read below.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from pipelines.encoder.training.calibrate import Ranges

Array = NDArray[np.float32]
Weights = dict[str, Array]

HEADS = 12
EPSILON = 1e-12
OPSET = 17
IR_VERSION = 8
FUSED = "com.microsoft"

WEIGHT_LEVELS = 63
"""Weights use 7 bits: with 8, processors without VNNI saturate and would answer differently."""


class GraphBuilder:
    """Collects nodes and constants. Every method returns the name of its output."""

    def __init__(self, weights: Weights, ranges: Ranges) -> None:
        self.weights, self.ranges = weights, ranges
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """Stores ``value`` under ``name``."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(
        self, kind: str, inputs: list[str], name: str, domain: str = "", **attributes: object
    ) -> str:
        """Adds a node whose single output is ``name``."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name, domain=domain, **attributes))
        return name

    def quantised(self, x: str, site: str) -> tuple[str, str, str]:
        """``x`` as unsigned bytes by the site's fixed range: (values, scale, zero point)."""
        low, high = self.ranges[site]
        step = (high - low) / 255
        scale = self.constant(f"{site}.scale", np.array(step, np.float32))
        zero = self.constant(f"{site}.zero", np.array(round(-low / step), np.uint8))
        return self.node("QuantizeLinear", [x, scale, zero], f"{site}.u8"), scale, zero

    def weight(self, name: str, matrix: Array) -> tuple[str, str, str]:
        """``matrix`` (inputs, outputs) as signed bytes with a scale a column, zero point 0."""
        scales = np.maximum(np.abs(matrix).max(axis=0), 1e-8) / WEIGHT_LEVELS
        values = np.clip(np.round(matrix / scales), -WEIGHT_LEVELS, WEIGHT_LEVELS).astype(np.int8)
        zeros = np.zeros(matrix.shape[1], np.int8)
        return (
            self.constant(f"{name}.s8", values),
            self.constant(f"{name}.wscale", scales.astype(np.float32)),
            self.constant(f"{name}.wzero", zeros),
        )

    def linear(self, x: str, layer: str, site: str) -> str:
        """``x @ W + b`` in integers, result in floats."""
        values, scale, zero = self.quantised(x, f"{layer}.{site}")
        name = f"bert.encoder.layer.{layer}.{site}"
        w, wscale, wzero = self.weight(name, self.weights[f"{name}.weight"].T)
        bias = self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        inputs = [values, w, scale, wscale, zero, wzero, bias]
        return self.node("MatMulIntegerToFloat", inputs, f"{name}.out", FUSED)

    def norm_constants(self, name: str) -> list[str]:
        """Gain and offset of a layer normalisation."""
        return [
            self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"])
            for part in ("weight", "bias")
        ]

    def embed(self, ids: str, positions: int) -> str:
        """Word, position and type embeddings, normalised; word rows are bytes with a scale each."""
        prefix = "bert.embeddings"
        words = self.weights[f"{prefix}.word_embeddings.weight"]
        scales = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-8) / 127
        table = self.constant("words.s8", np.round(words / scales).astype(np.int8))
        rows = self.node(
            "Cast",
            [self.node("Gather", [table, ids], "words.row")],
            "words.float",
            to=TensorProto.FLOAT,
        )
        scale = self.node(
            "Gather", [self.constant("words.scale", scales.astype(np.float32)), ids], "words.step"
        )
        word = self.node("Mul", [rows, scale], "words.value")
        places = self.weights[f"{prefix}.position_embeddings.weight"][:positions]
        places = places + self.weights[f"{prefix}.token_type_embeddings.weight"][0]
        zero, one = self.constant("zero", np.array([0])), self.constant("one", np.array([1]))
        shape = self.node("Shape", [ids], "shape", start=1, end=2)
        place = self.node(
            "Slice", [self.constant("places", places), zero, shape, zero, one], "place"
        )
        total = self.node("Add", [word, place], "embedding")
        gains = self.norm_constants(f"{prefix}.LayerNorm")
        return self.node("LayerNormalization", [total, *gains], "x", axis=-1, epsilon=EPSILON)

    def attend(self, x: str, layer: str, lengths: str) -> str:
        """Self-attention of one layer, before its output projection."""
        name = f"bert.encoder.layer.{layer}.attention.self"
        values, scale, zero = self.quantised(x, f"{layer}.attention.self.query")
        parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        matrix = np.concatenate([self.weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = self.constant(
            f"{name}.bias", np.concatenate([self.weights[f"{p}.bias"] for p in parts])
        )
        w, wscale, wzero = self.weight(name, matrix)
        inputs = [values, w, bias, scale, wscale, lengths, zero, wzero]
        return self.node(
            "QAttention", inputs, f"{name}.out", FUSED, num_heads=HEADS, unidirectional=0
        )

    def add_norm(self, x: str, skip: str, layer: str, site: str) -> str:
        """``LayerNorm(x + skip)``: as two nodes 5 times as fast as the fused operator."""
        name = f"bert.encoder.layer.{layer}.{site}"
        total = self.node("Add", [x, skip], f"{name}.sum")
        gains = self.norm_constants(f"{name}.LayerNorm")
        return self.node(
            "LayerNormalization", [total, *gains], f"{name}.norm", axis=-1, epsilon=EPSILON
        )

    def layer(self, x: str, layer: str, lengths: str) -> str:
        """One transformer layer."""
        context = self.attend(x, layer, lengths)
        projected = self.linear(context, layer, "attention.output.dense")
        middle = self.add_norm(projected, x, layer, "attention.output")
        wide = self.linear(middle, layer, "intermediate.dense")
        active = self.node("Gelu", [wide], f"{layer}.gelu", FUSED)
        narrow = self.linear(active, layer, "output.dense")
        return self.add_norm(narrow, middle, layer, "output")

    def encode(self, layers: int, positions: int) -> str:
        """The whole encoder over ``ids`` (texts, pieces): vectors (texts, pieces, width)."""
        x = self.embed("ids", positions)
        for number in range(layers):
            x = self.layer(x, str(number), "lengths")
        return x

    @property
    def labels(self) -> int:
        """Outputs of the head."""
        return int(self.weights["classifier.bias"].shape[0])

    def head(self, x: str) -> str:
        """The head's raw scores of the vectors ``x``."""
        head = self.constant("head", self.weights["classifier.weight"].T)
        product = self.node("MatMul", [x, head], "product")
        bias = self.constant("head.bias", self.weights["classifier.bias"])
        return self.node("Add", [product, bias], "logits")

    def head_of_one(self, x: str) -> str:
        """The head's raw scores (texts, labels) of one vector a text, (texts, 1, width).

        As a product and a sum, not a matrix product: that rounds differently with the number of
        texts, and a text's result may depend on nothing but the text.
        """
        head = self.constant("head", self.weights["classifier.weight"][np.newaxis])
        product = self.node("Mul", [x, head], "product")
        axis = self.constant("last", np.array([-1]))
        total = self.node("ReduceSum", [product, axis], "total", keepdims=0)
        bias = self.constant("head.bias", self.weights["classifier.bias"])
        return self.node("Add", [total, bias], "logits")

    def model(self, name: str, output: str, shape: list[str | int]) -> onnx.ModelProto:
        """``ids`` (texts, pieces) int64 and ``lengths`` (texts) int32 in, ``output`` out."""
        graph = helper.make_graph(
            self.nodes,
            name,
            [
                helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "pieces"]),
                helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"]),
            ],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
            self.constants,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="candour"
        )


def label_pieces(weights: Weights, ranges: Ranges, layers: int, positions: int) -> onnx.ModelProto:
    """A network that labels word pieces: ``probabilities`` (texts, pieces, labels)."""
    g = GraphBuilder(weights, ranges)
    logits = g.head(g.encode(layers, positions))
    g.node("Softmax", [logits], "probabilities", axis=-1)
    return g.model("names", "probabilities", ["texts", "pieces", g.labels])


def score_texts(weights: Weights, ranges: Ranges, layers: int, positions: int) -> onnx.ModelProto:
    """A network that scores whole texts: ``logits`` (texts, labels), of their pieces' mean."""
    g = GraphBuilder(weights, ranges)
    x = g.encode(layers, positions)
    mean = g.node("ReduceMean", [x], "mean", axes=[1], keepdims=1)
    return g.model("risks", g.head_of_one(mean), ["texts", g.labels])

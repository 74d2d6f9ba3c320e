#!/usr/bin/env python3
"""pandas with scikit-learn or ONNX Runtime as a peer of bench/predict.py: reads a CSV file, runs the network of a
model file of batchprop, and writes classes and probabilities as CSV. Prints the seconds of each phase.

    peer_predict.py sklearn|onnxruntime THREADS MODEL DATA OUT"""

import json
import struct
import sys
import time

import numpy
import pandas


class Model:
    """A network of ReLU and softmax, from a model file (docs/files.md)."""

    def __init__(self, path):
        with open(path, "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
            data = file.read()
        columns = json.loads(header["__metadata__"]["batchprop"])["columns"]["columns"]
        inputs = [column for column in columns if column["role"] == "input"]
        self.shift = numpy.float32([column["shift"] for column in inputs])
        self.scale = numpy.float32([column["scale"] for column in inputs])
        self.classes = next(column["categories"] for column in columns
                            if column["role"] == "target")
        self.layers = []
        while f"layers.{len(self.layers)}.weight" in header:
            name = f"layers.{len(self.layers)}."
            self.layers.append([self.tensor(header[name + kind], data).copy()
                                for kind in ("weight", "bias")])

    @staticmethod
    def tensor(entry, data):
        begin, end = entry["data_offsets"]
        return numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])


def make_sklearn(model, threads):
    """MLPClassifier with these weights."""
    import threadpoolctl
    from sklearn.neural_network import MLPClassifier
    network = MLPClassifier([len(biases) for _, biases in model.layers[:-1]], max_iter=1)
    count = len(model.classes)
    rows = numpy.zeros((count, len(model.shift)), "float32")
    network.partial_fit(rows, range(count), classes=range(count))
    network.coefs_ = [weights.T.copy() for weights, _ in model.layers]
    network.intercepts_ = [biases for _, biases in model.layers]
    threadpoolctl.threadpool_limits(threads)
    return lambda rows: network.predict_proba((rows - model.shift) * model.scale)


def make_onnxruntime(model, threads):
    """The graph that an export would have: scaling, Gemm, Relu, Softmax."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper
    nodes = [helper.make_node("Sub", ["rows", "shift"], ["moved"]),
             helper.make_node("Mul", ["moved", "scale"], ["values0"])]
    constants = [numpy_helper.from_array(model.shift, "shift"),
                 numpy_helper.from_array(model.scale, "scale")]
    for k, (weights, biases) in enumerate(model.layers):
        constants += [numpy_helper.from_array(weights, f"weights{k}"),
                      numpy_helper.from_array(biases, f"biases{k}")]
        nodes += [helper.make_node("Gemm", [f"values{k}", f"weights{k}", f"biases{k}"], [f"sums{k}"],
                                   transB=1),
                  helper.make_node("Relu" if k + 1 < len(model.layers) else "Softmax", [f"sums{k}"],
                                   [f"values{k + 1}"])]
    graph = helper.make_graph(
        nodes, "network",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, len(model.shift)])],
        [helper.make_tensor_value_info(f"values{len(model.layers)}", TensorProto.FLOAT,
                                       [None, len(model.classes)])], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(made.SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])
    return lambda rows: session.run(None, {"rows": rows})[0]


def main():
    kind, threads, path, data, out = sys.argv[1:6]
    model = Model(path)
    make = {"sklearn": make_sklearn, "onnxruntime": make_onnxruntime}[kind]
    predict = make(model, int(threads))
    clock = [time.perf_counter()]
    rows = pandas.read_csv(data, dtype="float32").to_numpy()
    clock.append(time.perf_counter())
    outputs = predict(rows)
    clock.append(time.perf_counter())
    names = numpy.array(model.classes)
    frame = pandas.DataFrame(outputs, columns=[f"probability_{name}" for name in model.classes])
    frame.insert(0, "class", names[outputs.argmax(axis=1)])
    frame.to_csv(out, index=False, float_format="%.9g")
    clock.append(time.perf_counter())
    module = sys.modules[kind]
    print(json.dumps({"version": f"{kind} {module.__version__}, pandas {pandas.__version__}",
                      "read": clock[1] - clock[0], "predict": clock[2] - clock[1],
                      "write": clock[3] - clock[2]}))


main()

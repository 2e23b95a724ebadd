"""AequilibraE's bi-conjugate Frank-Wolfe on a TNTP problem, one thread, the cost definition of `gemello assign`.

Usage: aequilibrae.py NET TRIPS TOLL_FACTOR DISTANCE_FACTOR GAP
Prints one JSON object: relative_gap, beckmann, iterations, cpu_s (assignment alone), cpu_total_s (reading as well).
"""

import json
import logging
import os
import sys
import time

os.environ.update({name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")})

import numpy as np
import pandas as pd
from aequilibrae.matrix import AequilibraeMatrix
from aequilibrae.paths import Graph, TrafficAssignment, TrafficClass

logging.disable(logging.CRITICAL)
# AequilibraE takes no link without free-flow time; the cost of its equilibrium moves by far less than the gap.
FREE_FLOW_TIME_MIN = 1e-9


def metadata(path):
    with open(path) as lines:
        pairs = (line.split(">", 1) for line in lines if line.startswith("<"))
        return {name[1:]: value.split("~")[0].strip() for name, value in pairs}


def read_network(path):
    columns = ["a_node", "b_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll", "type"]
    with open(path) as lines:
        rows = [line.split(";")[0].split() for line in lines if line.strip() and line.strip()[0] not in "<~"]
    network = pd.DataFrame(np.array(rows, dtype=float)[:, :10], columns=columns)
    network = network.astype({"a_node": np.int64, "b_node": np.int64})
    network.insert(0, "link_id", np.arange(1, len(network) + 1))
    network["direction"] = np.int8(1)
    return network


def read_trips(path, zones):
    matrix, origin = np.zeros((zones, zones)), None
    with open(path) as lines:
        for line in lines:
            if line.startswith("Origin"):
                origin = int(line.split()[1])
            elif origin is not None and not line.startswith("~"):
                for entry in line.split(";"):
                    if ":" in entry:
                        destination, trips = entry.split(":")
                        matrix[origin - 1, int(destination) - 1] = float(trips)
    return matrix


def main(net, trips, toll_factor, distance_factor, gap):
    header, network = metadata(net), read_network(net)
    zones = int(header["NUMBER OF ZONES"])
    network["fixed"] = float(toll_factor) * network.toll + float(distance_factor) * network.length
    network["free_flow_time"] = network.free_flow_time.clip(lower=FREE_FLOW_TIME_MIN)
    demand = read_trips(trips, zones)
    np.fill_diagonal(demand, 0.0)
    index = np.arange(1, zones + 1)

    graph = Graph()
    graph.network = network
    graph.network_ok = True
    graph.status = "OK"
    graph.mode = "car"
    graph.prepare_graph(index)
    graph.set_graph("free_flow_time")
    graph.set_skimming([])
    graph.set_blocked_centroid_flows(int(header["FIRST THRU NODE"]) > 1)

    matrix = AequilibraeMatrix()
    matrix.create_empty(zones=zones, matrix_names=["car"], memory_only=True)
    matrix.index = index
    matrix.matrix["car"][:, :] = demand
    matrix.computational_view(["car"])

    cars = TrafficClass("car", graph, matrix)
    cars.set_vot(1.0)
    cars.set_fixed_cost("fixed", 1.0)
    assignment = TrafficAssignment()
    assignment.set_classes([cars])
    assignment.set_vdf("BPR")
    assignment.set_vdf_parameters({"alpha": "b", "beta": "power"})
    assignment.set_capacity_field("capacity")
    assignment.set_time_field("free_flow_time")
    assignment.set_algorithm("bfw")
    assignment.set_cores(1)
    assignment.max_iter = 10_000
    assignment.rgap_target = float(gap)
    before = time.process_time()
    assignment.execute()
    cpu_s = time.process_time() - before

    report = assignment.report().iloc[-1]
    flow = assignment.results().sort_index()["PCE_tot"].to_numpy()
    load = flow / network.capacity.to_numpy()
    time_to_flow = network.free_flow_time * flow * (1 + network.b * load**network.power / (network.power + 1))
    beckmann = float((time_to_flow + network.fixed * flow).sum())
    result = {
        "relative_gap": float(report["rgap"]),
        "beckmann": beckmann,
        "iterations": int(report["iteration"]),
        "cpu_s": cpu_s,
        "cpu_total_s": time.process_time(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:])

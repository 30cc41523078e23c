#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks the rows and samples of a run with several clients or a rate.

check_load.py CSV SAMPLES CLIENTS RATE

Prints what is wrong, a line each; nothing if all is well.  No latency is judged.
"""
import collections
import csv
import sys


def rows(path):
    with open(path, newline="") as file:
        return [row for row in csv.DictReader(file) if row.get("transport") != "reference"]


def check_row(row, clients, rate):
    if row["state"] != "done" or row["verified"] != row["samples"]:
        yield f"{row['state']}: {row['verified']} of {row['samples']}: {row['reason']}"
    if int(row["clients"]) != clients:
        yield f"clients is {row['clients']}"
    if not float(row["achieved_rate"] or 0) > 0:
        yield f"achieved_rate is \"{row['achieved_rate']}\""
    if (row["rate"] != "") != (rate > 0) or (rate and float(row["rate"]) != rate):
        yield f"rate is \"{row['rate']}\""
    if (row["planned_p50_ns"] != "") != (rate > 0):
        yield f"planned_p50_ns is \"{row['planned_p50_ns']}\""
    if rate and float(row["planned_max_ns"]) < float(row["max_ns"]):
        yield "from the planned start, the worst is better than from the true one"
    if "connecting again" in row["reason"]:
        yield row["reason"]
    if clients > 1 and row["server_cpu_ns"]:
        yield "the server's costs are told apart by client"


def check_samples(samples, transport, count, clients):
    of = collections.Counter(s["client"] for s in samples if s["transport"] == transport)
    if sorted(map(int, of)) != list(range(clients)):
        yield f"samples of the clients {sorted(of)}"
    if sum(of.values()) != count:
        yield f"{sum(of.values())} samples are written, {count} counted"


def main(path, samples_path, clients, rate):
    samples = rows(samples_path)
    for row in rows(path):
        name = row["transport"]
        for wrong in check_row(row, clients, rate):
            print(f"{name}: {wrong}")
        for wrong in check_samples(samples, name, int(row["samples"] or 0), clients):
            print(f"{name}: {wrong}")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))

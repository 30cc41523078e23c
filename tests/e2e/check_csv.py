#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks a result: python3 check_csv.py FILE CELLS SAMPLES. Prints what is wrong with it."""
import csv
import math
import sys

COLUMNS = """run_id,started_utc,transport,carrier,encoding,shape,dtype,source,memory,pages,wait,pin,
clients,rate,state,reason,payload_bytes,wire_bytes,samples,verified,blocks,min_ns,p50_ns,p90_ns,
p99_ns,p999_ns,max_ns,mean_ns,stddev_ns,p50_ci_low_ns,p50_ci_high_ns,p50_with_read_ns,make_ns,
encode_ns,carry_ns,decode_ns,overlap_ns,read_ns,release_ns,connect_ns,first_ns,
throughput_bytes_per_s,memcpy_ratio,client_cpu_ns,server_cpu_ns,client_peak_rss_bytes,
server_peak_rss_bytes,client_page_faults,server_page_faults,client_context_switches,
server_context_switches,trust,trust_reason,seed,ipctop_version,host,kernel,cpu"""
COLUMNS = [name.strip() for name in COLUMNS.replace("\n", "").split(",")]

# Figures that every cell with a sample has.
ALWAYS = """wire_bytes samples verified blocks min_ns p50_ns max_ns mean_ns p50_with_read_ns make_ns
encode_ns carry_ns decode_ns overlap_ns read_ns release_ns connect_ns first_ns
client_peak_rss_bytes server_peak_rss_bytes seed server_send_buffer_bytes
client_receive_buffer_bytes""".split()

# The fewest bytes a message has, as a share of the array's; of others nothing is known.
WIRE_SHARE = {"json": 0.9, "cjson": 0.9, "base64": 4 / 3, "bytes": 1, "pickle": 1, "npy": 1,
              "safetensors": 1, "f16": 1 / 4, "shm": 0}


class Row(dict):
    def number(self, name):
        return float(self[name]) if self[name] else math.nan


def complaints(row, samples):
    """Yields what is wrong with one row of a cell that should be done."""
    if row["state"] != "done":
        yield "is %s: %s" % (row["state"], row["reason"])
        return
    for name in ALWAYS:
        if not row[name] or row.number(name) < 0:
            yield "%s is \"%s\"" % (name, row[name])
            return
    if row["samples"] != str(samples) or row["verified"] != row["samples"]:
        yield "%s samples, %s verified, of %d" % (row["samples"], row["verified"], samples)
    if row["transport"] != row["carrier"] + "+" + row["encoding"]:
        yield "carrier or encoding is another's"
    payload = 8 * math.prod(int(extent) for extent in row["shape"].split("x"))
    if row["payload_bytes"] != str(payload):
        yield "payload of %s, not %d" % (row["payload_bytes"], payload)
    yield from wire_complaints(row, payload)
    yield from time_complaints(row, payload)
    if row["trust"] not in "A B C D F".split() or (row["trust"] == "A") == bool(row["trust_reason"]):
        yield "trust is \"%s\" because of \"%s\"" % (row["trust"], row["trust_reason"])
    if row["extensions"] != ("none" if row["carrier"] in ("ws", "lws") else ""):
        yield "extensions are \"%s\"" % row["extensions"]
    remarks = [text for text in row["reason"].split("; ") if text and not
               text.startswith(("spinning without", "huge pages were asked for"))]
    if (row["encoding"] in ("cjson", "f16")) != bool(remarks):
        yield "the reason is \"%s\"" % row["reason"]


def wire_complaints(row, payload):
    wire = row.number("wire_bytes")
    if wire < payload * WIRE_SHARE.get(row["encoding"], 0) or wire <= 0:
        yield "%d bytes on the wire for %d" % (wire, payload)
    if row["encoding"] == "shm" and wire > 4096:
        yield "%d bytes on the wire for a name" % wire
    if WIRE_SHARE.get(row["encoding"]) == 1 and wire > payload * 1.01 + 4096:
        yield "%d bytes on the wire for %d" % (wire, payload)


def time_complaints(row, payload):
    number = row.number
    if not 0 < number("min_ns") <= number("p50_ns") <= number("max_ns"):
        yield "min, p50, max are out of order"
    if not number("min_ns") - 1 <= number("mean_ns") <= number("max_ns") + 1:
        yield "the mean is not between min and max"
    if number("p50_with_read_ns") < number("p50_ns") * 0.999:
        yield "reading takes less than nothing"
    balance = number("make_ns") + number("encode_ns") + number("decode_ns")
    balance += number("carry_ns") - number("overlap_ns") - number("mean_ns")
    if abs(balance) > 1 or min(number("carry_ns"), number("overlap_ns")) > 0.05:
        yield "the phases do not add up to the mean: %g ns" % balance
    if row["source"] == "fresh" and payload > 1000000 and number("make_ns") < payload / 100:
        yield "a fresh array takes only %s ns to make" % row["make_ns"]
    if row["p99_ns"] and number("samples") < 1000 or row["p90_ns"] and number("samples") < 100:
        yield "a percentile that %s samples cannot carry" % row["samples"]
    rate = payload / number("p50_ns") * 1e9
    if payload and abs(number("throughput_bytes_per_s") / rate - 1) > 0.01:
        yield "throughput is not payload over p50"


def makes(row):
    """A ready array that takes time to make; or its process was interrupted just there."""
    return row["source"] == "ready" and \
        row.number("make_ns") > 0.001 * row.number("mean_ns") + 100


def main():
    path, cells, samples = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    if rows[0][:len(COLUMNS)] != COLUMNS:
        wrong = [name for name in COLUMNS if name not in rows[0]]
        print("the header is not DESIGN's: missing or out of order:", wrong or "order")
        return 1
    place = rows[0].index("transport")
    rows = [row for row in rows if row[place:place + 1] != ["reference"]]
    problems = [] if len(rows) - 1 == cells else ["%d rows for %d cells" % (len(rows) - 1, cells)]
    made = 0
    for fields in rows[1:]:
        if len(fields) != len(rows[0]):
            problems.append("a row of %d fields" % len(fields))
            continue
        row = Row(zip(rows[0], fields))
        problems += ["%s %s %s" % (row["transport"], row["shape"][:30], text)
                     for text in complaints(row, samples)]
        made += row["state"] == "done" and makes(row)
    if made > (len(rows) - 1) / 2:
        problems.append("%d ready arrays take time to make" % made)
    for problem in problems[:5]:
        print(problem, end="; ")
    return 1 if problems else 0


sys.exit(main())

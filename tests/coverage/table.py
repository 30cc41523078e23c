#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""
Which lines the tests have not reached: table.py BUILD [FILE...]

A table of the wings and their files, worst first, of what gcov makes of the counters in BUILD; or,
of FILEs, the lines themselves.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

WINGS = ("transports", "bench", "tui")


def counts_of(notes):
    """gcov's document on one object: (file, line, count) for each line of code in it."""
    ran = subprocess.run(["gcov", "--json-format", "--stdout", str(notes)],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    for line in ran.stdout.splitlines():
        for file in json.loads(line)["files"]:
            for row in file["lines"]:
                yield file["file"], row["line_number"], row["count"]


def collect(build):
    """{file: {line: how often}}; of a line in several objects, as in a header, the sum."""
    files = collections.defaultdict(collections.Counter)
    notes = [path for wing in WINGS for path in pathlib.Path(build, wing).rglob("*.gcno")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for counts in pool.map(lambda path: list(counts_of(path)), notes):
            for file, line, count in counts:
                if file.startswith(WINGS):
                    files[file][line] += count
    return files


def row(name, lines, indent=""):
    missed = sum(not count for count in lines)
    reached = 100 * (1 - missed / len(lines))
    return reached, f"{reached:5.1f} %  {missed:5d} of {len(lines):5d}  {indent}{name}"


def table(files):
    wings = collections.defaultdict(list)
    for file, counts in files.items():
        wings[os.path.dirname(file)].append((file, list(counts.values())))
    everything = [count for counts in files.values() for count in counts.values()]
    print("reached   lines missed")
    print(row("all", everything)[1])
    blocks = []
    for wing, members in wings.items():
        reached, line = row(wing, [count for _, counts in members for count in counts])
        blocks.append((reached, [line] + [text for _, text in sorted(
            row(os.path.basename(file), counts, "  ") for file, counts in members)]))
    for _, lines in sorted(blocks):
        print("\n" + "\n".join(lines))


def missed(name, counts):
    text = pathlib.Path(name).read_text().splitlines()
    for line in sorted(line for line, count in counts.items() if not count):
        print(f"{name}:{line}: {text[line - 1]}")


def main(build, *wanted):
    files = collect(build)
    for name in wanted:
        missed(name, files[name])
    if not wanted:
        table(files)


main(*sys.argv[1:])

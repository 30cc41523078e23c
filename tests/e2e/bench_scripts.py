#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The statistics of tests/speed/ratios.py, and what it keeps.  Prints complaints; none is good."""
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/speed"))
import ratios  # noqa: E402


def expect(what, got, wanted, slack=1e-4):
    if isinstance(wanted, float):
        good = abs(got - wanted) <= slack
    else:
        good = got == wanted
    if not good:
        print(f"{what} is {got}, not {wanted}")


def intervals():
    # By hand: ranks 1 and 7 of 7 hold the median in 126 of 128 cases, 2 and 6 in 112.
    expect("coverage of 1 of 7", ratios.coverage(7, 1), 126 / 128)
    expect("coverage of 2 of 7", ratios.coverage(7, 2), 112 / 128)
    low, high = ratios.interval([5, 1, 7, 3, 2, 6, 4])
    expect("low of 7", low, 1.7333)
    expect("high of 7", high, 6.2667)
    low, high = ratios.interval(range(1, 7))
    expect("low of 6", low, 1.3571)
    expect("high of 6", high, 5.6429)
    expect("of 5, too few: the range", ratios.interval([1, 2, 3, 4, 5]), (1, 5))
    expect("of 1", ratios.interval([3]), (3, 3))
    expect("of equal ones", ratios.interval([2.0] * 9), (2.0, 2.0))


def coverage_of_skewed_figures():
    """Drawn from a skewed distribution, 95 % of the intervals hold its median."""
    draw = random.Random(1)
    for count in (7, 8, 11, 20):
        held = 0
        for _ in range(4000):
            low, high = ratios.interval([draw.lognormvariate(0, 1) for _ in range(count)])
            held += low <= 1 <= high
        expect(f"share of intervals of {count} that hold the median", held / 4000, 0.95, 0.012)


def line(**options):
    order = []

    def way(name, value):
        return lambda: order.append(name) or value
    ways = {"ours": way("ours", 20), "peer a": way("a", 30), "peer b": way("b", 15),
            **options.pop("more", {})}
    return ratios.Line("test", 8, ways, 20, **options), order


def result(values, **options):
    made, _ = line(**options)
    return ratios.Result(made, [dict(zip(("ours", "peer a", "peer b"), row)) for row in values])


def verdicts():
    seven = [(20, 30, 15)] * 7
    expect("the best rival", result(seven).rival, "peer b")
    expect("ratio", result(seven).ratio, 20 / 15)
    expect("within its bound", result(seven, bound=1.4).verdict(), "met")
    expect("beyond its bound", result(seven, bound=1.3).verdict(), "NOT MET")
    expect("few runs", result(seven[:6], bound=1.4).verdict(), "met, too few")
    expect("few exchanges", result(seven, bound=1.4, enough=False).verdict(), "met, too few")
    spread = [(10 + i, 30, 10) for i in range(7)]  # 1.0 to 1.6: the interval begins at 1.07
    expect("an interval that reaches below", result(spread, bound=1.1).verdict(), "met")
    expect("one that does not", result(spread, bound=1.05).verdict(), "NOT MET")
    faster = [(10, 350, 400)] * 7
    expect("times faster", result(faster, bound=35, sense="least").ratio, 35.0)
    expect("fast enough", result(faster, bound=35, sense="least").verdict(), "met")
    expect("not fast enough", result(faster, bound=36, sense="least").verdict(), "NOT MET")
    expect("slower than an oracle", result(seven, bound=1.2, sense="within").verdict(), "NOT MET")
    expect("quicker than it", result([(10, 30, 15)] * 7, bound=1.2, sense="within").verdict(),
           "NOT MET")
    expect("as it", result([(17, 30, 15)] * 7, bound=1.2, sense="within").verdict(), "met")


def correction():
    made, _ = line(more={"small ours": None, "small peer": None})
    run = {"ours": 20, "peer a": 30, "peer b": 15, "small ours": 7, "small peer": 2}
    expect("ours beside the rival with our round trip", ratios.Result(made, [run] * 7).ratio, 1.0)
    try:
        ratios.Result(made, [{**run, "small peer": 90}])
        print("a correction beyond the rival's own time is taken")
    except ratios.Failed:
        pass



def going_on():
    """An interrupted script measures again only what it does not have."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "figures.csv")
        made, order = line()
        ends = float("inf")
        ratios.measure_line(made, 2, ratios.Book(path, "build"), ends)
        expect("the turns", order, ["ours", "a", "b"] * 2)
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:  # the last figure has not made it
            file.write("\n".join(text.splitlines()[:-1]) + "\n")
        order.clear()
        ratios.measure_line(made, 3, ratios.Book(path, "build"), ends)
        expect("the turns that were missing", order, ["b", "ours", "a", "b"])
        order.clear()
        book = ratios.Book(path, "build")
        ratios.measure_line(made, 3, book, ends)
        expect("nothing is missing", order, [])
        expect("expected to take", ratios.expected_s([made], 3, book), 0)
        ratios.measure_line(made, 1, ratios.Book(path, "another build"), ends)
        expect("another build's figures", order, ["ours", "a", "b"])
        expect("the time is up", ratios.measure_line(made, 4, book, 0), False)


intervals()
coverage_of_skewed_figures()
verdicts()
correction()
going_on()

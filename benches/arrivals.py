"""Whether the outlook's 80% bounds of a year hold what comes, with and without communities not contracted yet.

    cargo build --release --bin yugu --example gas
    python3 benches/arrivals.py [--seeds 40] [--yugu target/release/yugu] [--gas target/release/examples/gas]

For each seed the gas company is lived through for four years. The outlook is made at the end of the third (`yugu
communities --as-of 2014-06-30`, the rows "all goods in plan" and "all premiums in plan", in yuan), and compared with the
fourth year twice: with what was sold, and with what would have been sold with everything in stock, which is what an
outlook forecasts. The households that signed are compared beside them.
"""

import argparse
import csv
import re
import statistics
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

AS_OF = "2014-06-30"
YEAR = ["2014-%02d" % m for m in range(7, 13)] + ["2015-%02d" % m for m in range(1, 7)]
ROWS = {"all goods in plan": "appliances", "all premiums in plan": "insurance", "signings": "signings"}
CELL = re.compile(r"([\d,]+) \[([\d,]+)-([\d,]+)\]")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env={"LANG": "en_US.UTF-8"}).stdout


def rows(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def outlook(yugu, folder):
    """Value and bounds by row of the company's year; what is not contracted yet stands below what it is a part of."""
    text = run(yugu, "communities", str(folder), "--as-of", AS_OF, "--lang", "en")
    found = {}
    last = ""
    for line in text.split("The company by month")[0].splitlines():
        name = re.split(r"  +", line.strip())[0]
        cell = CELL.search(line)
        if cell is None:
            continue
        numbers = [float(x.replace(",", "")) for x in cell.groups()]
        if name == "communities not contracted yet":
            found["not contracted: " + last] = numbers
        else:
            found[name] = numbers
            last = name
    return found


def truth(folder, beside):
    price = {row["product"]: float(row["price"] or 0) for row in rows(folder / "products.csv")}
    policy = {row["product"] for row in rows(folder / "products.csv") if row["kind"] == "policy"}
    out = {}
    for column in ("sold", "primary"):
        sums = {"appliances": 0.0, "insurance": 0.0}
        for row in rows(beside / "demand.csv"):
            if row["month"] in YEAR:
                name = "insurance" if row["product"] in policy else "appliances"
                sums[name] += float(row[column]) * price[row["product"]]
        sums["signings"] = sum(float(row["households"]) for row in rows(folder / "signings.csv") if row["month"] in YEAR)
        out[column] = sums
    known = {row["community"] for row in rows(folder / "communities.csv") if row["contract"] <= AS_OF[:7]}
    later = [row for row in rows(folder / "signings.csv") if row["month"] in YEAR and row["community"] not in known]
    out["later"] = sum(float(row["households"]) for row in later)
    return out


def seed(args, number):
    with tempfile.TemporaryDirectory() as name:
        folder, beside = Path(name, "folder"), Path(name, "truth")
        run(args.gas, "--seed", str(number), "--years", "4", "--out", str(folder), "--truth", str(beside))
        with_them = outlook(args.yugu, folder)
        settings = folder / "yugu.toml"
        settings.write_text(settings.read_text() + "\n[communities]\narrivals = false\n")
        return truth(folder, beside), {"with": with_them, "without": outlook(args.yugu, folder)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--yugu", default="target/release/yugu")
    parser.add_argument("--gas", default="target/release/examples/gas")
    args = parser.parse_args()
    with ThreadPoolExecutor(2) as pool:
        all_seeds = list(pool.map(lambda number: seed(args, number), range(1, args.seeds + 1)))
    print(f"{len(all_seeds)} seeds; outlook at {AS_OF} of the fourth year; held: share of years inside the 80% bounds")
    print(f"{'':<12} {'against':<8} {'not contracted':<15} {'held':>6} {'below':>6} {'above':>6} {'bias':>7} {'width':>6}")
    for row, name in ROWS.items():
        for against in ("sold", "primary") if name != "signings" else ("sold",):
            for arrivals in ("without", "with"):
                said = [(made[arrivals][row], came[against][name]) for came, made in all_seeds]
                share = lambda test: sum(map(test, said)) / len(said)
                print(
                    f"{name:<12} {against:<8} {arrivals:<15}"
                    f" {share(lambda x: x[0][1] <= x[1] <= x[0][2]):>6.3f}"
                    f" {share(lambda x: x[1] < x[0][1]):>6.3f} {share(lambda x: x[1] > x[0][2]):>6.3f}"
                    f" {statistics.mean(m[0] / x - 1 for m, x in said):>+7.3f}"
                    f" {statistics.mean((m[2] - m[1]) / m[0] for m, x in said):>6.3f}"
                )
    lines = [(made["with"].get("not contracted: signings", [0.0] * 3), came["later"]) for came, made in all_seeds]
    held = sum(low <= came <= high for (_, low, high), came in lines) / len(lines)
    said, came = (statistics.mean(x) for x in ([m[0] for m, _ in lines], [x for _, x in lines]))
    print(f"households of communities contracted in the year: {said:.0f} said, {came:.0f} came, held {held:.3f}")


if __name__ == "__main__":
    main()

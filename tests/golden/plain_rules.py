"""The plain rules worked out by another program, in another language, from the text of the rules alone.

Prints a small company's tables and every number that the rules give for two runs over them: at the close of a month
after New Year, and during a December. `tests/plain_rules.rs` compares; `python3 plain_rules.py > plain_rules.json`.
"""

import json
from calendar import monthrange
from datetime import date, timedelta
from itertools import product as pairs
from math import exp, floor

REGIONS = ["N", "S", "W"]
GROUPS = {"stove": ["A", "B", "C"], "heater": ["H", "J", "K"]}
GROUP = {p: g for g, ps in GROUPS.items() for p in ps}
START = (2023, 1)
MONTHS = 26
EVES = {2023: date(2023, 1, 21), 2024: date(2024, 2, 9), 2025: date(2025, 1, 28), 2026: date(2026, 2, 16)}


def month(t):
    return divmod(START[0] * 12 + START[1] - 1 + t, 12)[0], (START[1] - 1 + t) % 12 + 1


def index(year, number):
    return (year - START[0]) * 12 + number - START[1]


def name(t):
    return "%04d-%02d" % month(t)


def window_days(t):
    year, number = month(t)
    days = [EVES[year] + timedelta(d) for d in range(7)]
    return sum(1 for d in days if (d.year, d.month) == (year, number))


def selling_days(t):
    return monthrange(*month(t))[1] - window_days(t)


# --- the company -----------------------------------------------------------------------------------------------------

state = 12345


def draw(low, high):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return low + state % (high - low + 1)


SIZE = {"N": 1.0, "S": 0.7, "W": 0.45}
MEAN = {"A": 220, "B": 130, "C": 70, "H": 150, "J": 90}
Z = {}
for t in range(MONTHS):
    for r in REGIONS:
        for p in MEAN:
            season = 1 + 0.2 * ((t % 12) in (8, 9)) - 0.3 * (window_days(t) >= 3)
            Z[r, p, t] = round(MEAN[p] * SIZE[r] * season * (1 + 0.004 * t) * draw(85, 115) / 100)
for p in MEAN:
    Z["S", p, index(2024, 3)] = round(Z["S", p, index(2024, 3)] * 0.6)
    Z["W", p, index(2024, 4)] = round(Z["W", p, index(2024, 4)] * 1.25)
AVAIL = {("N", "B", index(2025, 2)): 0.5, ("N", "C", index(2025, 2)): 0.75, ("S", "H", index(2024, 11)): 0.4}
for key in AVAIL:
    Z[key] = round(Z[key] * AVAIL[key])

FACTORS = [  # region, product, from, to, reason, effect, known
    ("S", "", (2024, 3), (2024, 3), "cash", None, date(2024, 3, 1)),
    ("W", "", (2024, 4), (2024, 4), "promotion", 0.25, date(2024, 4, 1)),
    ("N", "stove", (2025, 4), (2025, 4), "promotion", 0.1, date(2025, 1, 10)),
]
GROWTH = {("W", 2025): 0.05}
FRONT = [  # made, month, region, product, units, by
    (date(2025, 2, 20), (2025, 3), "W", "", 560, "ann"),
    (date(2025, 2, 21), (2025, 3), "W", "", 600, "bo"),
    (date(2025, 2, 22), (2025, 3), "N", "A", 300, "cy"),
]
OVERRIDES = [  # made, month, region, product, units, lock
    (date(2025, 2, 25), (2025, 4), "S", "heater", 120, "yes"),
    (date(2025, 2, 26), (2025, 4), "", "heater", 640, ""),
]
PROGRESS = [  # as_of, region, product, units
    (date(2024, 12, 16), "N", "A", 140), (date(2024, 12, 16), "N", "B", 40), (date(2024, 12, 16), "N", "C", 45),
    (date(2024, 12, 16), "S", "", 150),
]
DEALER, SHOPS = {}, {}
for t in range(8, MONTHS):
    DEALER[t] = draw(180, 220)
    SHOPS[t] = draw(300, 340)
SHOPS[MONTHS - 1] = 520
TARGET = {"": 12000, "W": 2400}
MAX = {"N": 5300}


# --- the rules -------------------------------------------------------------------------------------------------------

def exposure(v, a, v0=0.3 / 0.7, rho=0.7):
    """G of docs/METHOD.md#demand: outages independent of each other (every set of products), and overlapping (nested)."""
    ps = list(v)
    g = {}
    for i in ps:
        if a[i] == 0:
            g[i] = 0.0
            continue
        others = [j for j in ps if j != i]
        independent = 0.0
        for there in pairs([0, 1], repeat=len(others)):
            weight, sum_v = 1.0, v0 + v[i]
            for j, on in zip(others, there):
                weight *= a[j] if on else 1 - a[j]
                sum_v += v[j] if on else 0
            independent += weight / sum_v
        order = sorted(ps, key=lambda j: 1 - a[j])
        u = [1 - a[j] for j in order] + [1.0]
        nested = 0.0
        for k in range(order.index(i), len(order)):
            nested += (u[k + 1] - u[k]) / (v0 + sum(v[j] for j in order[: k + 1]))
        nested /= max(a[i], 0.15)
        g[i] = min((1 - rho) * independent + rho * nested, 1 / (v0 + v[i]))
    return g


def primary_demand(z, a, v0=0.3 / 0.7):
    v = {p: z[p] / a[p] for p in z}
    v = {p: x / sum(v.values()) for p, x in v.items()}
    for _ in range(5000):
        g = exposure(v, a)
        lam = sum(z.values()) / sum(a[p] * v[p] * g[p] for p in z)
        v = {p: z[p] / (lam * a[p] * g[p]) for p in z}
        v = {p: x / sum(v.values()) for p, x in v.items()}
    g = exposure(v, a)
    lam = sum(z.values()) / sum(a[p] * v[p] * g[p] for p in z)
    return {p: z[p] / ((v0 + 1) * g[p]) + lam * (1 - a[p]) * v[p] / (v0 + 1) for p in z}


def largest_remainders(parts, total):
    out = [floor(x + 1e-9) for x in parts]
    order = sorted(range(len(parts)), key=lambda i: (-round(max(0.0, parts[i] - out[i]), 9), i))
    for i in order[: total - sum(out)]:
        out[i] += 1
    return out


def share_out(total, weights, low, high):
    """clip(theta b, l, u), theta by bisection."""
    lo, hi = 0.0, 1e6
    for _ in range(300):
        theta = (lo + hi) / 2
        x = [min(max(theta * b, l), u) for b, l, u in zip(weights, low, high)]
        lo, hi = (theta, hi) if sum(x) < total else (lo, theta)
    return x


def median(x):
    x = sorted(x)
    n = len(x)
    return x[n // 2] if n % 2 else (x[n // 2 - 1] + x[n // 2]) / 2


def run(as_of, cutoff, made):
    """cutoff and made are month indices."""
    n = cutoff + 1
    during = made > cutoff
    months = [made + lag for lag in range(0 if during else 1, 3)]
    sold_ever = [p for p in GROUP if p != "K"]

    # Demand (A): stockouts taken out month by month within a region and group.
    demand = {key: float(x) for key, x in Z.items() if key[2] < n}
    recovered = {}
    for r in REGIONS:
        for g, ps in GROUPS.items():
            ps = [p for p in ps if p in MEAN]
            for t in range(n):
                a = {p: AVAIL.get((r, p, t), 1.0) for p in ps}
                if min(a.values()) < 1:
                    z = {p: Z[r, p, t] for p in ps}
                    x = primary_demand(z, a)
                    recovered[r, g, t] = sum(max(0.0, x[p] - z[p]) for p in ps) / sum(x.values())
                    demand.update({(r, p, t): x[p] for p in ps})

    # Clean base (docs/METHOD.md#base).
    factors = [f for f in FACTORS if f[6] <= as_of]
    clean = dict(demand)
    for r, scope, first, last, reason, effect, _ in factors:
        for t in range(index(*first), min(index(*last), cutoff) + 1):
            for g, ps in GROUPS.items():
                ps = [p for p in ps if p in MEAN and (scope in ("", g))]
                if not ps:
                    continue
                now = sum(demand[r, p, t] for p in ps)
                if effect is not None:
                    times = 1 / (1 + effect)
                else:
                    others = lambda u: sum(demand[q, p, u] for q in REGIONS if q != r for p in ps)
                    usual = [u for u in range(n) if u % 12 == t % 12 and u != t]
                    ratio = sum(demand[r, p, u] for p in ps for u in usual) / sum(others(u) for u in usual)
                    expected = others(t) * ratio
                    times = 1 + 0.5 * max(0.0, expected - now) / now
                for p in ps:
                    clean[r, p, t] = demand[r, p, t] * times

    # Goods pushed into the channel (docs/METHOD.md#r11): sold a fifth over sell-out x its usual ratio, as far as the stock rose.
    sold = {t: sum(Z["S", p, t] for p in MEAN) for t in range(n)}
    dealers_out = {t: max(0, sold[t] - (DEALER[t] - DEALER[t - 1])) for t in range(9, n)}
    shops_out = {t: max(0, dealers_out[t] - (SHOPS[t] - SHOPS[t - 1])) for t in range(9, n)}
    counts = dict(sold)
    for t in range(9, n):
        before = [counts[u] / shops_out[u] for u in range(max(9, t - 12), t) if shops_out[u] > 0]
        rise = SHOPS[t] - SHOPS[t - 1]
        if len(before) < 6 or rise <= 0:
            continue
        expected = median(before) * shops_out[t]
        steps = [abs(counts[s] - counts[s - 1]) for s in range(max(1, t - 12), t)]
        if 0 < expected and sold[t] >= 1.2 * expected and sold[t] - expected > 2 * 1.0483 * median(steps):
            expected = max(expected, sold[t] - rise - (DEALER[t] - DEALER[t - 1]))
            if expected < sold[t]:
                counts[t] = expected
                for p in MEAN:
                    clean["S", p, t] *= expected / sold[t]

    # Growth (docs/METHOD.md#growth): the last three complete months, January and February as a pair.
    window, t = [], cutoff
    while len(window) < 3:
        if month(t)[1] == 2:
            window += [t, t - 1]
            t -= 2
        elif month(t)[1] == 1:
            t -= 1
        else:
            window.append(t)
            t -= 1
    total = lambda rs, g, ts: sum(clean[r, p, t] for r in rs for p in GROUPS[g] if p in MEAN for t in ts)
    back = [t - 12 for t in window]
    growth = {}
    for g in GROUPS:
        company = total(REGIONS, g, window) / total(REGIONS, g, back) - 1
        for r in REGIONS:
            own = total([r], g, window) / total([r], g, back) - 1
            growth[r, g] = company + 0.5 * (own - company)

    # Level (R9, docs/METHOD.md#level).
    level = {}
    for r in REGIONS:
        for g, ps in GROUPS.items():
            for t in months:
                rate = GROWTH.get((r, month(t)[0]))
                source = clean if rate is None else demand
                at = lambda u: sum(source[r, p, u] for p in ps if p in MEAN)
                if month(t)[1] in (1, 2):
                    other = t + (1 if month(t)[1] == 1 else -1)
                    base = (at(t - 12) + at(other - 12)) * selling_days(t) / (selling_days(t) + selling_days(other))
                else:
                    base = at(t - 12)
                x = base * (1 + (growth[r, g] if rate is None else rate))
                for fr, scope, first, last, _, effect, _ in factors:
                    covered = index(*first) <= t <= index(*last)
                    if fr == r and scope in ("", g) and covered and effect is not None:
                        x *= 1 + effect
                level[r, g, t] = x

    # Mix (R6, R10).
    mix, rule = {}, {}
    distorted = lambda t: window_days(t) >= 3
    for r in REGIONS:
        for g, ps in GROUPS.items():
            ps = [p for p in ps if p in MEAN]
            share = lambda t, p: demand[r, p, t] / sum(demand[r, q, t] for q in ps)
            bad = lambda t: distorted(t) or recovered.get((r, g, t), 0) > 0.1
            use = [cutoff]
            if bad(cutoff):
                use.append(next(t for t in range(cutoff - 1, -1, -1) if not bad(t)))
            for p in ps:
                mix[r, p] = sum(share(t, p) for t in use) / len(use)
            rule[r, g] = name(use[-1])

    # Lifecycle (R4, R5): B leaves after 2025-03 and C replaces it; K comes in 2025-04 and is like H; tau 3 months.
    units = {}
    for t in months:
        for r in REGIONS:
            stove = {p: mix[r, p] for p in "ABC"}
            if t > index(2025, 3):
                moved = stove.pop("B") * 0.6
                stove["C"] += moved
                stove = {p: x / sum(stove.values()) for p, x in stove.items()} | {"B": 0.0}
            heater = {p: mix[r, p] for p in "HJ"} | {"K": 0.0}
            if t >= index(2025, 4):
                age = t - index(2025, 4) + 1
                new = heater["H"] * (1 - exp(-age / 3))
                heater = {p: x * (1 - new) for p, x in heater.items()} | {"K": new}
            for p, x in (stove | heater).items():
                units[r, p, t] = level[r, GROUP[p], t] * x

    # The cut (docs/METHOD.md#attainment) for S, whose dealers and shops are counted, at lag 1.
    sell_in = lambda t: sum(Z["S", p, t] for p in MEAN)
    dealers_sold = lambda t: sell_in(t) - (DEALER[t] - DEALER[t - 1])
    shops_sold = lambda t: dealers_sold(t) - (SHOPS[t] - SHOPS[t - 1])
    cover = lambda t: SHOPS[t] / (sum(shops_sold(u) for u in (t, t - 1, t - 2)) / 3)
    norm = median([cover(t) for t in range(max(11, cutoff - 12), cutoff)])
    ratio = cover(cutoff) / norm
    factor = 0.9 if ratio > 1.5 else 0.95 if ratio > 1.25 else 1.0
    for p in GROUP:
        units["S", p, made + 1] *= factor

    # The front line: half and half; a product row moves the total by its difference, unless a region row sets it.
    def scale(keys, to):
        before = sum(units[k] for k in keys)
        for k in keys:
            units[k] *= to / before

    mine = lambda table: [row for row in table if row[0] <= as_of and index(row[0].year, row[0].month) == made]
    front = mine(FRONT)
    for _, m, r, p, said, _ in front:
        if p:
            t = index(*m)
            group = [(r, q, t) for q in GROUPS[GROUP[p]]]
            before = sum(units[k] for k in group)
            units[r, p, t] = 0.5 * said + 0.5 * units[r, p, t]
            if any(f[1:4] == (m, r, "") for f in front):
                scale(group, before)
    for m, r in {(f[1], f[2]) for f in front if not f[3]}:
        said = [f[4] for f in front if (f[1], f[2], f[3]) == (m, r, "")]
        keys = [(r, p, index(*m)) for p in GROUP]
        scale(keys, 0.5 * sum(said) / len(said) + 0.5 * sum(units[k] for k in keys))

    # Month to date (docs/METHOD.md#revision): p the share of working days passed.
    if during:
        year, number = month(made)
        days = [date(year, number, d + 1) for d in range(monthrange(year, number)[1])]
        rest_days = [EVES[year] + timedelta(d) for d in range(7)]
        working = [d for d in days if d.weekday() < 5 and d not in rest_days]
        rows = [row for row in PROGRESS if row[0] <= as_of]
        passed = sum(1 for d in working if d <= rows[0][0]) / len(working)
        land = lambda so_far, prior: so_far + (1 - passed) * (0.25 * prior + so_far) / (0.25 + passed)
        sold = {p: x for _, r, p, x in rows if r == "N"}
        keys = [("N", p, made) for p in GROUPS["stove"]]
        prior = sum(units[k] for k in keys)
        rest = land(sum(sold.values()), prior) - sum(sold.values())
        for k in keys:
            units[k] = sold[k[1]] + rest * units[k] / prior
        keys = [("S", p, made) for p in GROUP]
        scale(keys, land(rows[3][3], sum(units[k] for k in keys)))

    # Overrides, the finest first, coarser ones around them.
    held = set()
    for _, m, r, scope, said, _ in sorted(mine(OVERRIDES), key=lambda o: o[2] == ""):
        keys = [(q, p, index(*m)) for q in REGIONS for p in GROUPS[scope] if r in ("", q)]
        free = [k for k in keys if k not in held]
        scale(free, said - sum(units[k] for k in keys if k in held))
        held |= set(keys)

    # Whole units: company, regions, products.
    whole = {}
    for t in months:
        for g, ps in GROUPS.items():
            sums = [sum(units[r, p, t] for p in ps) for r in REGIONS]
            regions = largest_remainders(sums, floor(sum(sums) + 0.5 + 1e-9))
            for r, x in zip(REGIONS, regions):
                for p, y in zip(ps, largest_remainders([units[r, p, t] for p in ps], x)):
                    whole[r, p, t] = y

    # The target of 2025 (R1, R2): W locked, N at most its bound, the rest by last year's clean base.
    targets = {}
    if not during:
        year = [index(2024, 1) + k for k in range(12)]
        profile = {r: [total([r], "stove", [t]) + total([r], "heater", [t]) for t in year] for r in REGIONS}
        weights = [TARGET["W"] if r == "W" else sum(profile[r]) for r in REGIONS]
        low = [TARGET["W"] if r == "W" else 0 for r in REGIONS]
        high = [TARGET["W"] if r == "W" else MAX.get(r, 1e18) for r in REGIONS]
        got = share_out(TARGET[""], weights, low, high)
        for r, x in zip(REGIONS, got):
            days = selling_days(index(2025, 1)), selling_days(index(2025, 2))
            pair = profile[r][0] + profile[r][1]
            p = [pair * days[0] / sum(days), pair * days[1] / sum(days)] + profile[r][2:]
            targets[r] = [x * m / sum(p) for m in p]

    text = lambda table: {"|".join([k[0], k[1], name(k[2])]): x for k, x in table.items()}
    return {
        "as_of": str(as_of),
        "growth": {"|".join(k): x for k, x in growth.items()},
        "levels": text(level),
        "mix": {"|".join(k): x for k, x in mix.items()},
        "averaged_with": {"|".join(k): x for k, x in rule.items()},
        "factor": factor,
        "exact": text(units),
        "units": text(whole),
        "targets": targets,
    }


def tables():
    sales = ["month,region,product,units,availability"]
    for (r, p, t), x in Z.items():
        sales.append(f"{name(t)},{r},{p},{x},{AVAIL.get((r, p, t), '')}")
    ym = lambda m: "%04d-%02d" % m
    out = {"sales": sales}
    out["products"] = ["product,category,launch,retire,replaces,like"]
    for p, g in GROUP.items():
        extra = {"B": ",2025-03,,", "C": ",,B,", "K": "2025-04-01,,,H"}.get(p, ",,,")
        out["products"].append(f"{p},{g},{extra}")
    out["factors"] = ["region,product,from,to,reason,effect,known"] + [
        f"{r},{p},{ym(a)},{ym(b)},{why},{'' if e is None else e},{k}" for r, p, a, b, why, e, k in FACTORS]
    out["growth"] = ["region,year,growth,reason"] + [f"{r},{y},{g},cash" for (r, y), g in GROWTH.items()]
    out["frontline"] = ["made,month,region,product,units,by,reason"] + [
        f"{d},{ym(m)},{r},{p},{x},{by},competitor" for d, m, r, p, x, by in FRONT]
    out["overrides"] = ["made,month,region,product,units,lock,by,reason"] + [
        f"{d},{ym(m)},{r},{p},{x},{lock},dee,promotion" for d, m, r, p, x, lock in OVERRIDES]
    out["progress"] = ["as_of,region,product,units"] + [f"{d},{r},{p},{x}" for d, r, p, x in PROGRESS]
    out["channel_stock"] = ["month,region,tier,units"] + [
        f"{name(t)},S,{tier},{x[t]}" for tier, x in (("dealer", DEALER), ("downstream", SHOPS)) for t in x]
    out["targets"] = ["year,region,units,max,lock"]
    out["targets"] += [f"2025,,{TARGET['']},,", f"2025,W,{TARGET['W']},,yes", f"2025,N,,{MAX['N']},"]
    return {f"{k}.csv": "\n".join(v) + "\n" for k, v in out.items()} | {"yugu.toml": "[calendar]\nfestival = \"cn\"\n"}


close = run(date(2025, 2, 28), index(2025, 2), index(2025, 2))
during = run(date(2024, 12, 18), index(2024, 11), index(2024, 12))
print(json.dumps({"tables": tables(), "runs": [close, during]}, indent=1))

# The tests, as the README has them.
test:
    cargo test

# Everything that continuous integration checks.
ci:
    .ci/run

# The main job on the example folder.
plan:
    cargo run --release -- plan data/gas

# Makes the example folder again.
gas:
    cargo run --release --example gas

# Times `plan` against polars reading and grouping the same file: `just bench FOLDER` (polars comes from PyPI).
bench folder="../shared/bench/walmart-us":
    python3 benches/plan_vs_polars.py {{folder}}

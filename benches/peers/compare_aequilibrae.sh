#!/bin/sh
# Gemello beside AequilibraE's bi-conjugate Frank-Wolfe: Chicago-Sketch to 1e-6, one thread each, the same costs, the same
# run. Prints the CPU seconds of both and their ratio. Makes a virtual environment under target/peers on the first run.
set -eu
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
problem=${GEMELLO_SHARED:-../shared}/data/tntp/Chicago-Sketch
net=$problem/ChicagoSketch_net.tntp
trips=$problem/ChicagoSketch_trips.tntp
gap=${1:-1e-6}
python=$target/peers/bin/python
[ -x "$python" ] || { python3 -m venv "$target/peers" && "$python" -m pip install --quiet aequilibrae==1.7.2; }
cargo build --release --locked --workspace --quiet

ours=$("$target/release/gemello" assign --net "$net" --trips "$trips" --toll-factor 0.02 --distance-factor 0.04 \
    --gap "$gap" --threads 1 --json | tail -n 1)
theirs=$("$python" benches/peers/bfw_aequilibrae.py "$net" "$trips" 0.02 0.04 "$gap" 2>"$target/peers/log" | tail -n 1)
"$python" - "$ours" "$theirs" <<'PYTHON'
import json, sys

ours, theirs = map(json.loads, sys.argv[1:])
for name, run, cpu_s in [("gemello", ours, ours["cpu_s"]), ("aequilibrae", theirs, theirs["cpu_s"])]:
    print(f"{name:12} {cpu_s:8.2f} CPU s  gap {run['relative_gap']:.1e}  Beckmann {run['beckmann']:.3f}")
print(f"AequilibraE took {theirs['cpu_s'] / ours['cpu_s']:.0f} times the CPU (its assignment alone, ours with reading)")
PYTHON

# The two commands: `make demo` shows what Gemello does, `make test` checks that it does it right.
# Both set up what is missing on a fresh Debian 12 with Rust, gcc and make.

# One profile and one package selection for building, running and testing: another selection unifies the features of
# the big dependencies differently, and builds them again.
CARGO_FLAGS = --release --locked --workspace
TARGET_DIR = $(or $(CARGO_TARGET_DIR),target)

.PHONY: demo build test lint bench bench-gpu setup
.DEFAULT_GOAL = demo

demo: build
	$(TARGET_DIR)/release/gemello demo

build: setup
	cargo build $(CARGO_FLAGS)

# The same random cases each time, so that a failure is a change's own; `cargo test` by itself draws others.
test: export PROPTEST_RNG_SEED = 55909
test: setup lint
	cargo test $(CARGO_FLAGS)

lint: setup
	cargo fmt --all --check
	cargo clippy $(CARGO_FLAGS) --all-targets -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc $(CARGO_FLAGS) --no-deps
	@if cargo deny --version >/dev/null 2>&1; then cargo deny --workspace check licenses bans sources; \
	else echo "cargo deny is not installed: licences and bans were not checked"; fi

bench: setup
	cargo bench $(CARGO_FLAGS:--release=)

# A workspace of its own; without a Vulkan adapter it says so and does nothing.
bench-gpu:
	cargo run --release --locked --manifest-path benches/gpu/Cargo.toml -- $(VEHICLES)

setup:
	@setup/system-packages

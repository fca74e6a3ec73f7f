.DEFAULT_GOAL := help
.PHONY: help run serve test check lint format types migrations production env lock clean bench bench-delivery bench-scrubbing fuzz secrets verify-containers

# The newest Python that runs, 3.12 or later; everything else comes from .venv.
PYTHON = $$(sh scripts/find-python)
BIN = .venv/bin

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf '  make %-18s %s\n' "$$name" "$$text"; done

run: ## Start the API with demo data and a local tracker (PORT=8000 TRACKER_PORT=8010)
	@python="$(PYTHON)" && exec "$$python" -m scripts.run

serve: ## Start gunicorn with production settings, which must be in the environment
	@python="$(PYTHON)" && exec "$$python" -m scripts.serve

test: env ## Run all tests, those included that start the whole stack with a real tracker and a browser
	@rm -f "$${GATE_DIR:-gate}/tests.json"
	@$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered --junitxml=.local/tests.xml
	@$(BIN)/python -m scripts.tested

check: lint types migrations production ## Everything that is checked without running the tests

lint: env ## Check style and the direction of imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports

format: env ## Put the code into shape
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

types: env ## Check the type hints
	@$(BIN)/mypy

migrations: env
	@DJANGO_SETTINGS_MODULE=settings.test $(BIN)/python manage.py makemigrations --check --dry-run

production: env
	@sh scripts/check-production

env:
	@python="$(PYTHON)" && "$$python" -m scripts.environment dev

bench: env ## Measure what tracking costs: without, stock SDK, goimg (6 minutes); tables on the screen, record in docs/figures, picture in docs/images
	@$(BIN)/python -m bench.overhead --json .local/overhead.json --record docs/figures/overhead.json
	@python="$(PYTHON)" && "$$python" -m bench.environment && .local/bench/bin/python -m bench.overhead.plot .local/overhead.json

bench-delivery: env ## Measure what outages cost and lose, stock SDK and goimg side by side (3 minutes); tables on the screen and in docs/delivery.md
	@$(BIN)/python -m bench.delivery --into docs/delivery.md

bench-scrubbing: ## Measure the scrubber beside others (10 minutes); table on the screen, picture in docs/images
	@python="$(PYTHON)" && "$$python" -m bench.environment && .local/bench/bin/python -m bench.scrubbing

fuzz: ## Let a fuzzer look for a secret that survives the scrubber (1 minute)
	@python="$(PYTHON)" && "$$python" -m bench.environment && .local/bench/bin/python -m bench.scrubbing.fuzz --seconds 60

lock: ## Pin the newest versions that pyproject.toml allows, with hashes (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header pyproject.toml -o requirements.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header --group dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header --group bench -c requirements.txt pyproject.toml -o bench/requirements.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header scripts/bugsink/requirements.in -o scripts/bugsink/requirements.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header scripts/containers/requirements.in -o scripts/containers/requirements.txt

secrets: ## Make what docker/docker-compose.prod.yml needs in docker/secrets (HOST=images.example.com)
	@python="$(PYTHON)" && "$$python" -m scripts.secrets

verify-containers: env ## Build, run, break, roll and restore the stacks of docker/ (15 minutes; needs Docker or CONTAINERS=)
	@$(BIN)/python -m scripts.containers

clean: ## Remove what can be made again: the environment, the local tracker, demo data, caches
	rm -rf .venv .local static .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

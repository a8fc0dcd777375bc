# The development commands. Production is set up by environment variables instead: see README.md.
PORT ?= 8000
UV ?= uv
python = .venv/bin/python

.PHONY: help run test lint bench lock pictures

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /make \1: /p' $(MAKEFILE_LIST)

run: export DEBUG = 1
run: ## serve on http://127.0.0.1:8000 with reference and sample data, from nothing (PORT=8001 for another port)
	@.ci/install run
	@$(python) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
		{ echo "Port $(PORT) cannot be opened, most likely because it is in use: choose another one, as in make run PORT=8001." >&2; exit 1; }
	@mkdir -p var
	@test -s var/sample-password || (umask 077; \
		$(python) -c 'import random; r = random.SystemRandom(); print(*("".join(r.choices("abcdefghjkmnpqrstuvwxyz", k=4)) for _ in range(3)), sep="-")' \
		> var/sample-password)
	@SAMPLE_PASSWORD="$${SAMPLE_PASSWORD:-$$(cat var/sample-password)}" && export SAMPLE_PASSWORD && \
		$(python) manage.py migrate --verbosity 0 && \
		$(python) manage.py load_reference && \
		$(python) manage.py load_sample --if-empty && \
		exec $(python) manage.py runserver 127.0.0.1:$(PORT)

test: ## all tests on SQLite (with Chromium and LibreOffice) and on PostgreSQL
	@.ci/install dev
	@$(python) .ci/test.py

# The settings need some database to load; nothing is read from it or written to it.
lint: export DEBUG = 1
lint: export DATABASE_URL = sqlite://:memory:
lint: ## style of the code, missing migrations, Django's own checks
	@.ci/install dev
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) manage.py makemigrations --check --dry-run
	$(python) manage.py check

bench: ## speed and weight against their goals, on SQLite and PostgreSQL, in about four minutes (BENCH=--quick for less)
	@.ci/install bench
	@.venv-bench/bin/python -m bench $(BENCH)

compile = $(UV) pip compile pyproject.toml --quiet --no-config --python-version 3.11 --universal --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

lock: ## pin what pyproject.toml asks for (LOCK=--upgrade for the newest versions)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv, anywhere outside this tree." >&2; exit 1; }
	$(compile) $(LOCK) --output-file requirements/run.txt
	$(compile) $(LOCK) --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt
	$(compile) $(LOCK) --extra bench --constraint requirements/run.txt --output-file requirements/bench.txt

pictures: ## take the pictures of README and handbook anew from the real pages (needs Chromium)
	@.ci/install dev
	$(python) docs/take_pictures.py

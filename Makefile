# Órdenes del proyecto. Necesita make y Python 3.11 o posterior; lo demás se instala en .venv.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
PORTAL_DEMO ?= 1
PORTAL_DEMO_CLAVE ?= puerto-demo-2026

PY := .venv/bin/python
INSTALAR := $(PY) -m pip install --quiet --disable-pip-version-check --requirement
COMPILAR := .venv/bin/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
DESARROLLO := PORTAL_ENTORNO=desarrollo
PRODUCCION := PORTAL_ENTORNO=produccion ALLOWED_HOSTS=ejemplo.gov.co DATABASE_URL=postgres://nadie@localhost/nada SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')"

.DEFAULT_GOAL := ayuda
.PHONY: ayuda run test lint bench manual requisitos limpiar

ayuda: ## Muestra esta lista
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: .venv/listo ## Pone el portal en marcha con datos de demostración (PORT=8001 para otro puerto)
	@$(DESARROLLO) PORT="$(PORT)" PORTAL_DEMO="$(PORTAL_DEMO)" PORTAL_DEMO_CLAVE="$(PORTAL_DEMO_CLAVE)" \
		exec $(PY) manage.py servir

test: .venv/listo-dev ## Ejecuta las pruebas (ARGS="-k agenda" para algunas)
	$(DESARROLLO) $(PY) -m pytest -n auto $(ARGS)

lint: .venv/listo-dev ## Revisa estilo, tipos, plantillas, capas, migraciones y seguridad
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint templates
	$(DESARROLLO) $(PY) -m mypy .
	.venv/bin/lint-imports
	$(DESARROLLO) $(PY) manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy"
	@$(PRODUCCION) $(PY) manage.py check --deploy --fail-level WARNING

bench: .venv/listo-dev ## Mide cuánto crece el costo de las páginas con el tamaño del sitio y con diez años de sondeos
	$(DESARROLLO) $(PY) -m pytest -q -n 0 tests/medidas/*.py $(ARGS)

manual: .venv/listo-dev ## Vuelve a tomar las imágenes del manual desde el portal
	$(DESARROLLO) MANUAL_IMAGENES=docs/manual/imagenes $(PY) -m pytest -q -n 0 tests/navegador/test_manual.py $(ARGS)

requisitos: .venv/listo-dev ## Recalcula requirements*.txt (ARGS=--upgrade para actualizar)
	CUSTOM_COMPILE_COMMAND="make requisitos" $(COMPILAR) $(ARGS) requirements.in
	CUSTOM_COMPILE_COMMAND="make requisitos" $(COMPILAR) $(ARGS) requirements-dev.in

limpiar: ## Borra lo que se puede volver a generar; conserva la base de datos y los archivos
	rm -rf .venv .static .copias .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/listo: requirements.txt
	@if ! $(PY) -c '' 2>/dev/null; then \
		if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Falta Python 3.11 o posterior. Instálelo o indique dónde está: make PYTHON=/ruta/a/python3 …"; exit 1; \
		fi; \
		if ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "Falta el módulo venv: instale python3-venv (en Debian y Ubuntu: sudo apt install python3-venv)."; exit 1; \
		fi; \
		echo "Creando .venv con $$("$(PYTHON)" --version)…"; \
		"$(PYTHON)" -m venv --clear .venv || exit 1; \
	fi
	@echo "Instalando las dependencias del portal; la primera vez toma un par de minutos…"
	@$(INSTALAR) requirements.txt || { echo "No se instalaron las dependencias: revise la conexión a internet."; exit 1; }
	@touch $@

.venv/listo-dev: .venv/listo requirements-dev.txt
	@echo "Instalando las herramientas de prueba…"
	@$(INSTALAR) requirements-dev.txt
	@touch $@

# One image for every process of the exchange: docker-compose.yml says which module each runs.

FROM node:22-bookworm-slim AS ui
WORKDIR /ui
COPY ui/package.json ui/package-lock.json ui/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY ui ./
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
COPY requirements/runtime.txt /requirements.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
      --only-binary=:all: -r /requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin tradeflow
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /app
COPY --from=packages /venv /venv
COPY . ./
# Readable whatever the checkout's modes; compiled now, since containers run read-only.
RUN rm -rf ui && chmod -R a+rX . && python -m compileall -q . \
 && install -d -o tradeflow -g tradeflow .tradeflow
COPY --from=ui /ui/dist ui/dist
USER tradeflow

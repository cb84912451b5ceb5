# One image for web, worker and beat; services are external. See docs/deployment.md.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock .ci/install ./
RUN sh install /venv/bin/python torch==2.13.0 https://download.pytorch.org/whl/cpu requirements.lock
COPY manage.py requirements.txt ./
COPY skillhub skillhub
COPY skills skills
COPY templates templates
COPY static static
COPY docs/help docs/help
RUN /venv/bin/python -m compileall -q skillhub skills
RUN DATA_DIR=/tmp/build SECRET_KEY=build STATIC_ROOT=/app/collected \
    DATABASE_URL="dbname=none" CACHE_URL=redis://none BROKER_URL=redis://none \
    /venv/bin/python manage.py collectstatic --noinput \
    && chmod -R a+rX /app/collected

FROM python:3.11-slim-bookworm
# bubblewrap is what the evaluation worker runs scripts of skills in; git reads sources.
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap ca-certificates git && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home skillhub && mkdir /data && chown skillhub /data
COPY --from=build /venv /venv
COPY --from=build --chown=root:root /app /app
WORKDIR /app
USER skillhub
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data STATIC_ROOT=/app/collected DEMO=0
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Only this command is the web process, which opens no signing key; other containers bring theirs.
CMD ["env", "PROCESS=web", "granian", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--interface", "asgi", "--loop", "asyncio", "--http", "1", "--no-ws", "--backlog", "4096", "--backpressure", "4096", "--http1-header-read-timeout", "10000", "--http1-buffer-size", "65536", "--log-level", "warning", "skillhub.asgi:application"]

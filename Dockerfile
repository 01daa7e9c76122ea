# The chart library in its small form; nothing else of this stage goes into the image.
FROM node:24-slim AS charts
WORKDIR /charts
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin perfmon
# A new volume takes its owner from here.
RUN mkdir /backups && chown perfmon /backups

# The packages first: they change less often than the program.
COPY requirements/run.txt requirements/run.txt
RUN pip install --require-hashes -r requirements/run.txt

COPY . .
COPY --from=charts /charts/node_modules/plotly.js-basic-dist-min/plotly-basic.min.js \
    .perfmon/build/static/vendor/plotly.min.js
# The typeface and the static files belong to the image. These settings serve this one step and stay out of it.
RUN export SECRET_KEY=only-while-the-image-is-built-0123456789-0123456789 ALLOWED_HOSTS=localhost \
        DATABASE_URL=sqlite:////tmp/unused.sqlite3 \
    && python -m perfmon.fonts \
    && python manage.py collectstatic --no-input -v 0

USER perfmon
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=90s --retries=3 CMD ["python", "-m", "perfmon.start", "--probe"]
# Waits for the database, migrates it, then becomes gunicorn on $BIND.
CMD ["python", "-m", "perfmon.start"]

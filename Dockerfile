# The service alone; the graph is Neo4j's (docker-compose.yml).
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE schema.graphql requirements.lock ./
COPY cypher cypher
COPY graph_service graph_service
RUN python -m venv /opt/graph_service && /opt/graph_service/bin/pip install --no-cache-dir -c requirements.lock .

FROM python:3.13-slim
RUN useradd --system --uid 7474 --create-home --home-dir /var/lib/graph_service graph_service \
    && install -d -m 700 -o graph_service /anchor
COPY --from=build /opt/graph_service /opt/graph_service
# TMPDIR: where workbooks are made; in docker-compose.yml /tmp is memory.
ENV PATH=/opt/graph_service/bin:$PATH PYTHONUNBUFFERED=1 TMPDIR=/var/lib/graph_service \
    GRAPH_SERVICE_DATA=/var/lib/graph_service/data GRAPH_SERVICE_HOST=0.0.0.0
USER graph_service
WORKDIR /var/lib/graph_service
VOLUME /var/lib/graph_service
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["graph-service"]
CMD ["serve"]

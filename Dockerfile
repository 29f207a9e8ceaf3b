# NN Playground in one container; docs/docker.md says how to start it for a class.
#
# The base may be any image with Python 3.11 or newer, such as one from a registry of your own:
#   docker build --build-arg PYTHON_IMAGE=registry.example/python:3.13-slim .
ARG PYTHON_IMAGE=python:3.13-slim

# ---------------------------------------------------------------- build the wheel, install it into a venv

FROM ${PYTHON_IMAGE} AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore

RUN ["python3", "-m", "venv", "/opt/build", "/opt/nn-playground"]

WORKDIR /src
COPY requirements.lock requirements-build.lock ./

# Exact versions, and no file but those whose hashes are in the locks. Every dependency has a wheel: nothing is compiled.
# Two optional secrets, for networks with a package index or certificates of their own: `pip` is a pip.conf, `ca` a
# file of certificates. Neither ends in the image.
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    --mount=type=secret,id=ca,target=/etc/ssl/certs/ca-certificates.crt \
    /opt/build/bin/pip install --no-compile --only-binary :all: --require-hashes -r requirements-build.lock \
    && /opt/nn-playground/bin/pip install --no-compile --only-binary :all: --require-hashes -r requirements.lock

COPY . .

# From here on nothing is fetched; Debian's own pip wants to see certificates all the same. Bytecode is not checked
# against its source later, since neither can change.
RUN --mount=type=secret,id=ca,target=/etc/ssl/certs/ca-certificates.crt \
    /opt/build/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /opt/nn-playground/bin/pip install --no-index --no-deps --no-compile /wheel/*.whl \
    && /opt/nn-playground/bin/pip check \
    && /opt/nn-playground/bin/pip uninstall --yes pip setuptools \
    && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/nn-playground/lib

# ---------------------------------------------------------------- the image: the base, the venv, a user, a volume

FROM ${PYTHON_IMAGE}

LABEL org.opencontainers.image.title="NN Playground" \
      org.opencontainers.image.description="A neural network playground that lives on a server of one's own" \
      org.opencontainers.image.licenses="MIT AND CC-BY-SA-3.0"

# The number is fixed, so that the owner of a volume stays the same from image to image.
RUN groupadd --gid 10001 playground \
    && useradd --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /data \
       --shell /usr/sbin/nologin playground \
    && install --directory --owner 10001 --group 10001 --mode 0750 /data

COPY --from=build /opt/nn-playground /opt/nn-playground

ENV PATH=/opt/nn-playground/bin:$PATH \
    PLAYGROUND_HOST=0.0.0.0 \
    PLAYGROUND_PORT=8000 \
    PLAYGROUND_DATA_DIR=/data \
    PLAYGROUND_LOG_FORMAT=json \
    PLAYGROUND_LOG_LEVEL=info

# The base comes without the standard library's bytecode, and a read-only container cannot keep any: what the server
# imports is compiled here, once. It also shows that all can be imported.
RUN ["python3", "-P", "-c", "import app.cli, app.health, app.main, app.serving, app.sessions.worker, app.training"]

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM

HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python3", "-P", "-m", "app.health"]

ENTRYPOINT ["nn-playground"]
CMD ["serve", "--no-browser"]

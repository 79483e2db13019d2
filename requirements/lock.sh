#!/bin/sh
# Writes the hash-pinned lock files anew from pyproject.toml and the *.in files (make lock).
set -eu
cd "$(dirname "$0")"
compile() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
compile uv.in -o uv.txt
compile ../pyproject.toml build.in -o run.txt
compile ../pyproject.toml build.in test.in -c run.txt -o test.txt
compile ../pyproject.toml build.in train.in -c run.txt -o train.txt

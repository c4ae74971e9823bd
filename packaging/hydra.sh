#!/bin/sh
# Builds the login provider that tests log in at, Ory Hydra, into out/hydra, and says
# where that is. The first time it takes some minutes; then a moment. It is pinned in
# packaging/hydra.mod, which nothing of ours is built from.
set -eu
cd "$(dirname "$0")/.."
[ -x out/hydra ] || echo "Building the login provider that tests log in at; it takes a few minutes." >&2
CGO_ENABLED=1 "${GO:-go}" build -modfile=packaging/hydra.mod -trimpath -tags sqlite,sqlite_omit_load_extension -o out/hydra github.com/ory/hydra/v2
echo "$PWD/out/hydra"

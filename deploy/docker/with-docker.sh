#!/usr/bin/env bash
# with-docker.sh COMMAND [ARGUMENT...]
#
# Runs COMMAND beside a Docker daemon of its own and takes both away afterwards, whatever happens. For machines that have
# no daemon, or no way to an image registry: the one image that the tests need is built here, from the JDK of this machine
# and the broker's jars. COMMAND finds the image's name in KAFKA_IMAGE.
#
# Daemon, containers and COMMAND share a network namespace made for them: published ports exist on its loopback only and
# nothing in it reaches another network, so COMMAND has to work offline (mvn -o). Needs Linux and root; on Debian and its
# like it installs what is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { echo "with-docker: $*" >&2; exit 1; }

[ $# -gt 0 ] || fail "usage: with-docker.sh COMMAND [ARGUMENT...]"
[ "$(id -u)" -eq 0 ] || fail "a Docker daemon of its own needs root; with a daemon running already, use MILLRACE_DOCKER=host"

missing=()
command -v dockerd > /dev/null && command -v docker > /dev/null || missing+=(docker.io)
command -v ip > /dev/null || missing+=(iproute2)
if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get > /dev/null || fail "needs dockerd and ip, and finds no apt-get to install ${missing[*]}"
  echo "with-docker: installing ${missing[*]}" >&2
  apt-get update -qq > /dev/null || true # an old list may do; if not, the next line says so
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null ||
    fail "could not install ${missing[*]}"
fi

namespace=millrace-$$
work=$(mktemp -d)
daemon=
export DOCKER_HOST=unix://$work/docker.sock

# shellcheck disable=SC2317 # called by the traps
take_down() {
  trap - EXIT
  if [ -n "$daemon" ] && kill -0 "$daemon" 2> /dev/null; then
    # what a killed test has left
    docker ps -aq 2> /dev/null | xargs -r docker rm -f > /dev/null 2>&1 || true
    kill "$daemon" 2> /dev/null || true
    wait "$daemon" 2> /dev/null || true
  fi
  ip netns del "$namespace" 2> /dev/null || true
  rm -rf "$work" || true
}
trap take_down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ip netns add "$namespace"
inside=(nsenter "--net=/var/run/netns/$namespace")
"${inside[@]}" ip link set lo up
"${inside[@]}" dockerd --host "$DOCKER_HOST" --pidfile "$work/pid" --data-root "$work/data" --exec-root "$work/exec" \
  --ip 127.0.0.1 > "$work/log" 2>&1 < /dev/null &
daemon=$!

for _ in $(seq 300); do
  if docker version > /dev/null 2>&1; then break; fi
  kill -0 "$daemon" 2> /dev/null || break
  sleep 0.1
done
docker version > /dev/null 2>&1 || { tail -n 20 "$work/log" >&2; fail "no daemon within 30 s"; }

KAFKA_IMAGE=$("$here/image/build.sh")
export KAFKA_IMAGE

# Testcontainers looks for the bridge's gateway if it takes this machine for a container: say where ports are published.
export TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1
# Its reaper comes as an image that cannot be had here; take_down does that work.
export TESTCONTAINERS_RYUK_DISABLED=true
# A pull can only fail; the default would wait for minutes.
export TESTCONTAINERS_PULL_TIMEOUT=5

status=0
"${inside[@]}" "$@" || status=$?
exit "$status"

#!/bin/sh
# Installs what the tests run beside npm's and PyPI's packages: real servers, a browser, a container engine. On Debian and
# Ubuntu only what is missing; elsewhere it says what is. A line a tool: command, Debian package, what it is for.
set -eu

tools="
nginx           nginx-light      the frontend's web server
chromium        chromium         the frontend in a browser
podman          podman           building, pushing and running images
iptables        iptables         their ports
mmdebstrap      mmdebstrap       their base images
docker-registry docker-registry  where they are pushed
setcap          libcap2-bin      the frontend's image
curl            curl             health checks of images
psql            postgresql       the commands on the database, and a database for them
go              golang-go        the OpenTelemetry collector, and linting workflows
"

missing=$(echo "$tools" | while read -r command package purpose; do
  [ -z "$command" ] || command -v "$command" >/dev/null 2>&1 || echo "$command $package $purpose"
done)
[ -n "$missing" ] || exit 0

if command -v apt-get >/dev/null 2>&1; then
  root=
  [ "$(id -u)" -eq 0 ] || root=sudo
  packages=$(echo "$missing" | while read -r _command package _purpose; do echo "$package"; done)
  echo "Installing" $packages >&2
  $root apt-get update -qq >&2
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $packages >&2
else
  echo "The tests need these commands on the PATH, which are not there:" >&2
  echo "$missing" | while read -r command _package purpose; do echo "  $command: $purpose" >&2; done
  exit 1
fi

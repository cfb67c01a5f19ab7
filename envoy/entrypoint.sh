#!/bin/sh
# Starts Envoy and, on SIGTERM, lets it finish before it ends: within the 30 s that ECS gives a container by default.
#
# ENVOY, ENVOY_CONFIG, ENVOY_ADMIN_ADDRESS (a file that Envoy writes its admin address to; on a read-only file system the
# configuration's address counts): for other places than the image's.
# ENVOY_CONCURRENCY: worker threads, one a vCPU; each keeps its share of jwt_authn's tokens for itself.
# DRAIN_SECONDS: how long connections are still taken while the load balancer turns away.
# DRAIN_LIMIT_SECONDS: how long requests under way may take after that.
set -eu

envoy=${ENVOY:-envoy}
config=${ENVOY_CONFIG:-/etc/envoy/envoy.yaml}
admin_address=${ENVOY_ADMIN_ADDRESS:-/tmp/envoy-admin-address}
drain_seconds=${DRAIN_SECONDS:-10}
limit_seconds=${DRAIN_LIMIT_SECONDS:-15}
threads=${ENVOY_CONCURRENCY:-1}

# The tokens of one thread fit into the memory, and each thread has a cache of its own: the threads share that number, or full
# caches would reach the overload manager's limit, from which on every request is refused.
# The configuration goes by the command line then: a read-only file system has no place for another file.
kept_tokens=$(sed -n 's/^ *jwt_cache_size: \([0-9]*\)$/\1/p' "$config")
if [ "$threads" -gt 1 ] && [ -n "$kept_tokens" ]; then
  set -- --config-yaml "$(sed "s/jwt_cache_size: .*/jwt_cache_size: $((kept_tokens / threads))/" "$config")" "$@"
else
  set -- --config-path "$config" "$@"
fi

admin() { curl --silent --show-error --fail --max-time 2 "$@"; }

active_requests() {
  admin "http://$address/stats?filter=^http.ingress.downstream_rq_active$" | sed -n 's/.*: //p'
}

# HOST:PORT of the configuration's admin section. Port 0 is one that Envoy chooses, and tells in the file alone.
configured_admin() {
  sed -n '/^admin:/,/^[^ ]/{ s/^ *address: *\([^ ]\{1,\}\)$/\1/p; s/^ *port_value: *\([1-9][0-9]*\)$/:\1/p; }' "$config" |
    tr -d '\n"'
}

# From now on each response asks its connection to be closed, the load balancer's health check fails, and new connections
# are taken until Envoy stops listening. Then it waits for what is under way.
drain() {
  trap '' TERM INT
  if [ -n "$admin_address" ]; then address=$(cat "$admin_address" 2>/dev/null || true); else address=$(configured_admin); fi
  if [ -z "$address" ]; then
    echo "entrypoint.sh: Envoy's admin address isn't known, so Envoy has not begun: it ends without a drain." >&2
  else
    admin --request POST --output /dev/null "http://$address/healthcheck/fail" || true
    admin --request POST --output /dev/null "http://$address/drain_listeners?graceful&skip_exit" || true
    sleep "$drain_seconds"
    remaining=$limit_seconds
    while [ "$remaining" -gt 0 ] && [ "$(active_requests || echo 0)" != 0 ]; do
      sleep 1
      remaining=$((remaining - 1))
    done
  fi
  kill -TERM "$envoy_pid"
}

# What an earlier start has left would lead the drain astray.
if [ -w "$(dirname "$admin_address")" ]; then
  rm -f "$admin_address"
  set -- --admin-address-path "$admin_address" "$@"
else
  admin_address=
fi

"$envoy" --concurrency "$threads" --disable-hot-restart --log-level warning \
  --drain-time-s "$drain_seconds" --drain-strategy immediate "$@" &
envoy_pid=$!
trap drain TERM INT

# A signal ends the first wait early; the second has Envoy's own end.
wait "$envoy_pid" || status=$?
if ! kill -0 "$envoy_pid" 2>/dev/null; then exit "${status:-0}"; fi
wait "$envoy_pid"

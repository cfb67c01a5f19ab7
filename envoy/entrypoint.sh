#!/bin/sh
# Starts Envoy and, on SIGTERM, lets it finish before it ends: within the 30 s that ECS gives a container by default.
#
# ENVOY, ENVOY_CONFIG, ENVOY_ADMIN_ADDRESS (a file that Envoy writes its admin address to): for other places than the image's.
# ENVOY_CONCURRENCY: worker threads, one a vCPU; each keeps jwt_authn's tokens for itself, and needs the memory for them.
# DRAIN_SECONDS: how long connections are still taken while the load balancer turns away.
# DRAIN_LIMIT_SECONDS: how long requests under way may take after that.
set -eu

envoy=${ENVOY:-envoy}
config=${ENVOY_CONFIG:-/etc/envoy/envoy.yaml}
admin_address=${ENVOY_ADMIN_ADDRESS:-/tmp/envoy-admin-address}
drain_seconds=${DRAIN_SECONDS:-10}
limit_seconds=${DRAIN_LIMIT_SECONDS:-15}

admin() { curl --silent --show-error --fail --max-time 2 "$@"; }

active_requests() {
  admin "http://$address/stats?filter=^http.ingress.downstream_rq_active$" | sed -n 's/.*: //p'
}

# From now on each response asks its connection to be closed, the load balancer's health check fails, and new connections
# are taken until Envoy stops listening. Then it waits for what is under way.
drain() {
  trap '' TERM INT
  # Without an address Envoy has not even begun.
  if address=$(cat "$admin_address"); then
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
rm -f "$admin_address"

"$envoy" --config-path "$config" --admin-address-path "$admin_address" --concurrency "${ENVOY_CONCURRENCY:-1}" \
  --disable-hot-restart --log-level warning --drain-time-s "$drain_seconds" --drain-strategy immediate "$@" &
envoy_pid=$!
trap drain TERM INT

# A signal ends the first wait early; the second has Envoy's own end.
wait "$envoy_pid" || status=$?
if ! kill -0 "$envoy_pid" 2>/dev/null; then exit "${status:-0}"; fi
wait "$envoy_pid"

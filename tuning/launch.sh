#!/usr/bin/env bash
# Starts Millrace for low latency: V8's own threads, the supervisor and everything else that is not pinned stay on the
# housekeeping cores; the hot threads then pin themselves to the cores of the thread layout (profile hft).
#
#   tuning/launch.sh [--dry-run] [millrace arguments...]
#
# HOUSEKEEPING_CORES  cores for everything that is not hot      default 0
# MILLRACE_PROFILE    thread layout                             default hft
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cores="${HOUSEKEEPING_CORES:-0}"
export MILLRACE_PROFILE="${MILLRACE_PROFILE:-hft}"

# A larger young generation makes the I/O threads' scavenges rare (2.3 against 46 µs p99).
flags=(--min-semi-space-size=32 --max-semi-space-size=64)
command=(taskset -c "$cores" node "${flags[@]}" "$root/dist/src/main.js" start)

if [ "${1:-}" = "--dry-run" ]; then
  shift
  printf 'MILLRACE_PROFILE=%q' "$MILLRACE_PROFILE"
  printf ' %q' "${command[@]}" "$@"
  printf '\n'
  exit 0
fi
if ! command -v taskset >/dev/null; then
  echo "launch.sh: taskset is missing (package util-linux)" >&2
  exit 1
fi
if [ ! -e "$root/dist/src/main.js" ]; then
  echo "launch.sh: $root/dist is missing: run 'npm ci && npm run build' first" >&2
  exit 1
fi
exec "${command[@]}" "$@"

#!/usr/bin/env bash
# Applies tuning/sysctl.d/90-millrace.conf, after saving the present values.
#
#   tuning/sysctl.sh show      present and wanted value of each setting (default; changes nothing)
#   tuning/sysctl.sh apply     save the present values to the state file, then set the wanted ones (needs root)
#   tuning/sysctl.sh revert    set the saved values again (needs root)
#
# TUNING_STATE  the state file, default /var/tmp/millrace-sysctl.saved
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
wanted="$here/sysctl.d/90-millrace.conf"
state="${TUNING_STATE:-/var/tmp/millrace-sysctl.saved}"

settings() { grep -Ev '^[[:space:]]*(#|$)' "$1" | sed 's/[[:space:]]*=[[:space:]]*/ /'; }
path_of() { printf '/proc/sys/%s' "${1//.//}"; }
present() { cat "$(path_of "$1")" 2>/dev/null || echo "not in this kernel"; }

show() {
  printf '%-32s %-22s %s\n' setting present wanted
  settings "$wanted" | while read -r key value; do
    printf '%-32s %-22s %s\n' "$key" "$(present "$key")" "$value"
  done
}

set_from() {
  settings "$1" | while read -r key value; do
    local_path="$(path_of "$key")"
    if [ ! -e "$local_path" ]; then
      echo "skipped $key: not in this kernel"
    elif printf '%s' "$value" 2>/dev/null >"$local_path"; then
      echo "$key = $value"
    else
      echo "refused $key = $value: this needs root on the host itself" >&2
    fi
  done
}

case "${1:-show}" in
  show) show ;;
  apply)
    if [ -e "$state" ]; then
      echo "sysctl.sh: $state exists: settings are applied already; revert first" >&2
      exit 1
    fi
    settings "$wanted" | while read -r key _; do
      if [ -e "$(path_of "$key")" ]; then printf '%s = %s\n' "$key" "$(present "$key")"; fi
    done >"$state"
    set_from "$wanted"
    ;;
  revert)
    if [ ! -e "$state" ]; then
      echo "sysctl.sh: $state does not exist: nothing was applied" >&2
      exit 1
    fi
    set_from "$state"
    rm -f "$state"
    ;;
  *)
    sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac

#!/bin/sh
# SPDX-License-Identifier: MIT
# usage: setup.sh run|test|browsers
# Installs what is missing: Debian packages of deploy/packages.txt, then the npm packages of
# every package-lock.json. Says and does nothing when all is there.
# TIERBELL_SETUP=no skips it: for images that bring everything.
set -eu

what=${1:-run}
top=$(cd "$(dirname "$0")/../.." && pwd)
[ "${TIERBELL_SETUP:-yes}" != no ] || exit 0

say() { printf 'setup: %s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }

# "package command" a line; the command is "-" where only the package will do.
wanted() {
	awk -v what="$what" '
		/^[^#]/ && NF && ($2 == "run" || $2 == what || ($2 == "test" && what != "run")) {
			command = "-"
			if ($3 ~ /^\(.*\)$/) command = substr($3, 2, length($3) - 2)
			print $1, command
		}' "$top/deploy/packages.txt"
}

missing_packages() {
	list=$(wanted)
	# shellcheck disable=SC2046
	there=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' \
		$(printf '%s\n' "$list" | cut -d ' ' -f 1) 2>/dev/null |
		sed -n 's/ installed$//p' | tr '\n' ' ')
	printf '%s\n' "$list" | while read -r package command; do
		case " $there" in *" $package "*) continue ;; esac
		if [ "$command" != - ] && has "$command"; then continue; fi
		printf '%s ' "$package"
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		env DEBIAN_FRONTEND=noninteractive "$@"
	else
		sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

install_packages() {
	if ! has apt-get || ! has dpkg-query; then
		say "this is not Debian: install the counterparts of deploy/packages.txt, then set TIERBELL_SETUP=no"
		exit 1
	fi
	missing=$(missing_packages)
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ] && ! { has sudo && sudo -n true 2>/dev/null; }; then
		say "these packages are missing and neither root nor sudo without a password is at hand; run:"
		say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
		exit 1
	fi
	say "installing $missing"
	as_root apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update
	# shellcheck disable=SC2086
	as_root apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
		install --no-install-recommends $missing >&2
	# The server starts a Redis of its own; the one of the package that came just now
	# would only sit on port 6379.
	case " $missing" in *" redis-server "*)
		if [ -d /run/systemd/system ]; then
			as_root systemctl disable --now redis-server >/dev/null 2>&1 || true
		fi ;;
	esac
}

check_node() {
	version=$(node --version)
	major=${version#v}
	if [ "${major%%.*}" -lt 18 ]; then
		say "node $version on the path is too old: 18 or newer is needed (Debian 12's nodejs will do)"
		exit 1
	fi
}

# The stamp in node_modules holds the lock it was made from, so a second run needs no network.
install_npm() {
	for lock in "$top"/widget/package-lock.json "$top"/tests/*/package-lock.json; do
		[ -f "$lock" ] || continue
		case $what,$lock in run,"$top"/tests/*) continue ;; esac
		folder=$(dirname "$lock")
		cmp -s "$lock" "$folder/node_modules/.tierbell-lock" && continue
		say "npm packages in ${folder#"$top"/}"
		(cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >&2) || {
			say "npm ci failed in ${folder#"$top"/}: is the registry reachable?"
			exit 1
		}
		mkdir -p "$folder/node_modules"
		cp "$lock" "$folder/node_modules/.tierbell-lock"
	done
}

install_packages
check_node
install_npm

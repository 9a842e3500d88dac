#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# syntax_highlighting.sh FOLDER: builds KSyntaxHighlighting against Qt 6, installs it into a folder of its own below FOLDER
# where that was not done yet, and prints that folder's name.
#
# Debian 13 has it as a package. Debian 12 ships only its Qt 5 build, so there it is built from the source package of
# Debian 13, which still supports both. apt reads it through a private source list, derived from the machine's own:
# neither the system's package lists nor its installed packages change, and root isn't needed.
set -euo pipefail

readonly version=5.116.0
readonly sha256=6f8ccacebd0dc9ce050b2b23b715750c97938b3336fbbb80967920cb8c1dfaa7
readonly needed_ecm=5.103.0

prefix=${1:?"usage: syntax_highlighting.sh FOLDER"}/syntax-highlighting-$version
if [ -e "$prefix/.complete" ]; then
    echo "$prefix"
    exit 0
fi

fail() { echo "KSyntaxHighlighting: $*" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One deb-src list for trixie, at the places where this machine already gets Debian's main packages from.
write_source_list() {
    mkdir -p "$work/parts" "$work/lists/partial" "$work/cache/archives/partial"
    local uris
    uris=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2> /dev/null |
        sed -nE -e 's/^URIs:[[:space:]]*//p' -e 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]].*/\2/p' |
        tr ' ' '\n' | grep -E '/debian/?$' | head -1 || true)
    [ -n "$uris" ] || fail "no Debian package source is set up in /etc/apt, so its source package can't be fetched."
    cat > "$work/parts/trixie.sources" <<LIST
Types: deb-src
URIs: $uris
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
LIST
}

private_apt() {
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User= "$@"
}

fetch() {
    cd "$work"
    private_apt update > apt.log 2>&1 || { tail -3 apt.log >&2; fail "the package list of Debian 13 can't be read. Is the network there?"; }
    private_apt source --download-only --tar-only ksyntax-highlighting >> apt.log 2>&1 ||
        { tail -3 apt.log >&2; fail "the source package can't be fetched. Is the network there?"; }
    local archive
    archive=$(echo ksyntax-highlighting_"$version".orig.tar.*)
    [ -f "$archive" ] || fail "the package source offers another version than $version: $(ls ksyntax-highlighting_* 2>/dev/null)"
    echo "$sha256  $archive" | sha256sum --check --status || fail "$archive is not the file that was expected (wrong SHA-256)."
    mkdir source
    tar -xf "$archive" -C source --strip-components=1
}

build() {
    cd "$work"
    sed -i "s/find_package(ECM $version/find_package(ECM $needed_ecm/" source/CMakeLists.txt
    # Translations of the names of syntaxes would need Qt's linguist tools; Ferriscope doesn't show these names.
    rm -rf source/po source/poqm
    local launcher=()
    command -v ccache > /dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    {
        cmake -S source -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DQT_MAJOR_VERSION=6 -DBUILD_TESTING=OFF \
            -DBUILD_SHARED_LIBS=OFF -DKDE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_PREFIX="$prefix" "${launcher[@]}" &&
            cmake --build build &&
            cmake --install build
    } > build.log 2>&1 || { tail -15 build.log >&2; fail "the build failed; the last lines of its output are above."; }
    mkdir -p "$prefix/licenses"
    cp source/LICENSES/* "$prefix/licenses/"
    touch "$prefix/.complete"
}

echo "Building KSyntaxHighlighting $version for Qt 6 (about a minute, once) ..." >&2
write_source_list
fetch
build
echo "$prefix"

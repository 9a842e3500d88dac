# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What app/run and tests/run share: installing what is missing and building. Sourced, not run.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly project

say() { printf '%s\n' "$*" >&2; }
fail() { printf '\nferriscope: %s\n' "$*" >&2; exit 3; }

# The tools are looked for by command, because they may come from anywhere; libraries by Debian package.
readonly -A tools=(
    [g++]=g++ [cmake]=cmake [ninja]=ninja-build [pkg-config]=pkg-config [git]=git [ccache]=ccache [mold]=mold
)
readonly libraries=(
    qt6-base-dev libqscintilla2-qt6-dev libgit2-dev libsqlite3-dev nlohmann-json3-dev libmimalloc-dev fonts-dejavu-core
)

cache_folder() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/ferriscope-build"; }

debian_release() { (. /etc/os-release 2> /dev/null && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-unknown}") || true; }

# Prints the packages that are wanted on this release and not there.
missing_packages() {
    local tool wanted=("${libraries[@]}")
    for tool in "${!tools[@]}"; do
        command -v "$tool" > /dev/null || echo "${tools[$tool]}"
    done
    # npm is used once, to fetch the sources of tree-sitter; its own dependencies are many.
    if ! command -v npm > /dev/null && ! compgen -G "$(cache_folder)/tree-sitter-rust-*/.complete" > /dev/null; then
        echo npm
        echo ca-certificates
    fi
    if [ "$1" = bookworm ]; then
        if ! compgen -G "$(cache_folder)/syntax-highlighting-*/.complete" > /dev/null; then
            wanted+=(extra-cmake-modules perl xz-utils)
        fi
    else
        wanted+=(libkf6syntaxhighlighting-dev)
    fi
    local package installed
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2> /dev/null || true)
    for package in "${wanted[@]}"; do
        [[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || echo "$package"
    done
}

# Keeps apt's output in a log and shows how far it is.
show_progress() {
    awk -v log_file="$1" -v tty="$([ -t 2 ] && echo 1 || echo 0)" '
        { print > log_file }
        /^(Unpacking|Setting up) / {
            steps++
            if (tty) printf "\r\033[K  %d steps, %s %s", steps, $1, ($1 == "Setting" ? $3 : $2) > "/dev/stderr"
            else if (steps % 100 == 0) printf "  %d steps done\n", steps > "/dev/stderr"
        }
        END { if (tty && steps) printf "\r\033[K" > "/dev/stderr" }'
}

install_packages() {
    local as_root=() log
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo > /dev/null ||
            fail "these packages are missing, and there is no sudo to install them. Run as root: apt-get install $*"
        as_root=(sudo)
        if ! sudo -n true 2> /dev/null; then
            [ -t 0 ] || fail "these packages are missing, and sudo needs a password. Run: sudo apt-get install $*"
            say "sudo will ask for your password."
        fi
    fi
    log=$(mktemp)
    say "Reading the package lists ..."
    "${as_root[@]}" apt-get update -q > "$log" 2>&1 ||
        { tail -3 "$log" >&2; fail "apt-get update failed. Is the network there?"; }
    # Without --error-on an unreachable list is only a warning, which the install below would then stumble on.
    say "Installing ..."
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" 2>&1 < /dev/null |
        show_progress "$log" ||
        { tail -5 "$log" >&2; fail "apt-get could not install the packages. Is the network there? The whole output is in $log"; }
    rm -f "$log"
}

# Installs what is missing, after saying what. Needs neither root nor sudo when everything is there.
prepare() {
    local release missing
    release=$(debian_release)
    case $release in
    bookworm | trixie) ;;
    *)
        say "This is not Debian 12 or 13, so nothing is installed here; going on with what is there. Needed are a C++20"
        say "compiler, cmake 3.25, ninja, pkg-config, npm, git, and the libraries Qt 6.4, QScintilla and KSyntaxHighlighting"
        say "(both for Qt 6), libgit2 1.5, SQLite 3 and nlohmann-json 3.11, each with its headers."
        return
        ;;
    esac
    missing=$(missing_packages "$release" | sort -u | tr '\n' ' ')
    if [ -n "$missing" ]; then
        say "To be installed by apt: $missing"
        say "To be fetched and built below $(cache_folder), once:"
        say "  tree-sitter and its Rust grammar$([ "$release" = bookworm ] && echo ", KSyntaxHighlighting for Qt 6")"
        # shellcheck disable=SC2086 # a list of names
        install_packages $missing
    fi
    if [ "$release" = bookworm ]; then
        # Here rather than while configuring, whose output goes to a file: it takes a minute.
        "$project/app/setup/syntax_highlighting.sh" "$(cache_folder)" > /dev/null || exit 3
    fi
}

# build_preset PRESET [TARGET...]: configures where that was not done yet, and builds.
build_preset() {
    local preset=$1 folder
    shift
    case $preset in release) folder=build ;; *) folder=build-$preset ;; esac
    cd "$project" || fail "the folder $project is gone."
    if [ ! -f "$folder/build.ninja" ]; then
        say "Configuring $folder ..."
        mkdir -p "$folder"
        cmake --preset "$preset" > "$folder/configure.log" 2>&1 || {
            tail -25 "$folder/configure.log" >&2
            fail "the build could not be configured; the reason is above, everything is in $folder/configure.log"
        }
    fi
    say "Building $folder ..."
    ninja -C "$folder" "${@:-all}" >&2 || fail "the build failed; the compiler's words are above."
}

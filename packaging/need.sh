#!/bin/sh
# Sees to what a make target needs besides Go and make, and installs what is
# missing with apt, saying what and why:
#
#   packaging/need.sh go      Go itself, which is not installed but asked for
#   packaging/need.sh test    and what the tests need
#   packaging/need.sh gpu     and what building tavle-player-gpu needs
#   packaging/need.sh race    and what the race detector needs
#
# Nothing missing: it says nothing, needs no network and takes a moment. On a
# system without apt it says what to install. NEED=no looks at nothing, for those
# who know that all is there.
set -eu

go_is_there() {
	go=${GO:-go}
	if ! command -v "$go" >/dev/null; then
		cat >&2 <<END
Go is not installed, or not in PATH. Version $wanted or newer is needed; the one of
your system may be too old. It is to be had at https://go.dev/dl/; unpacked to
/usr/local it is found with: export PATH=\$PATH:/usr/local/go/bin
END
		exit 1
	fi
	# Since 1.21 Go fetches the version that go.mod asks for.
	version=$("$go" env GOVERSION 2>/dev/null || :)
	minor=$(echo "$version" | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
	if [ "${minor:-0}" -lt 21 ]; then
		echo "Go $wanted or newer is needed; this is ${version:-older than 1.16}. See https://go.dev/dl/" >&2
		exit 1
	fi
}

# Each line is a package and what it is for.
compiler='gcc        compiles the little C that Go is linked with
libc6-dev  the C library for it'
gpu="$compiler
libx11-dev       X11, for windows on the GPU
libxrandr-dev    its monitors
libxi-dev        its input devices
libxcursor-dev   its pointers
libxinerama-dev  its panels side by side
libxxf86vm-dev   its video modes
libgl-dev        OpenGL"
test="$gpu
xvfb             an X server without a screen, to look at windows in tests
postgresql       a database server, for tests of hubs that share one
chromium         a browser, to look at the Manager in tests
espeak-ng        a voice, to hear the wall read aloud
alsa-utils       what plays it
dpkg             what makes and installs Debian packages
systemd          what judges the units in them
xdotool          a finger from outside, for tests of whole programs
libgl1-mesa-dri  OpenGL in software, for tests of the GPU painter
libgl1           the same: what programs open
libegl1          the same
libgles2         the same"

cd "$(dirname "$0")/.."
wanted=$(sed -n 's/^go //p' go.mod)
[ "${NEED:-}" = no ] && exit 0
go_is_there
case "${1:-}" in
go) exit 0 ;;
race) list=$compiler what='The race detector needs' ;;
gpu) list=$gpu what='Building tavle-player-gpu needs' ;;
test) list=$test what='The tests need' ;;
*) echo "usage: packaging/need.sh go|test|gpu|race" >&2 && exit 2 ;;
esac
names=$(echo "$list" | sed 's/ .*//')

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	cat >&2 <<END
This system has no apt, so nothing can be checked or installed from here.
$what what Debian calls:

$(echo "$list" | sed 's/^/  /')

Install these by your own system's means, and then say NEED=no, as in: make test NEED=no
END
	exit 1
fi

# One line for each that is installed; those of other architectures have
# another name.
# shellcheck disable=SC2086 # names are words
there=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $names 2>/dev/null | sed -n 's/^installed //p')
missing=
for name in $names; do
	echo "$there" | grep -qx "$name" || missing="$missing $name"
done
[ -z "$missing" ] && exit 0

echo "$what, and this system lacks:"
for name in $missing; do
	echo "$list" | grep "^$name " | sed 's/^/  /'
done
root=
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "Installing them takes root, and there is no sudo. Have root do: apt-get install --no-install-recommends$missing" >&2
		exit 1
	fi
	root=sudo
	echo "That takes root, so sudo may ask for your password."
fi
apt() {
	$root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" </dev/null
}
echo "Installing them; it may take a few minutes."
# What the system knows of packages may be old, or nothing at all. apt talks a
# lot; its complaints are let through.
apt update >/dev/null
# shellcheck disable=SC2086
apt install -y --no-install-recommends $missing >/dev/null

#!/bin/sh
# Installs netpursuit from this folder alone; nothing is fetched from anywhere.
#
#   ./install.sh [FOLDER [PYTHON]]     # FOLDER: /opt/netpursuit unless stated; PYTHON: python3 unless stated
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-/opt/netpursuit}
python=${2:-python3}

stop() {
  echo "install.sh: $1" >&2
  exit 1
}

found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])') || stop "$python cannot be run; name a Python @PYTHON@"
[ "$found" = "@PYTHON@" ] || stop "$python is Python $found; these wheels are for Python @PYTHON@ (./install.sh FOLDER PYTHON)"
platform=$("$python" -c 'import sysconfig; print(sysconfig.get_platform().replace("-", "_").replace(".", "_"))')
[ "$platform" = "@PLATFORM@" ] || stop "this machine is $platform; these wheels are for @PLATFORM@"
if command -v sha256sum >/dev/null; then sums="sha256sum"; else sums="shasum -a 256"; fi
(cd "$here" && $sums -c SHA256SUMS >/dev/null) || stop "a file is not what it was when the bundle was made; nothing was installed"

if [ ! -e "$folder/bin/python" ]; then
  if [ -e "$folder" ] && [ -n "$(ls -A "$folder")" ]; then
    stop "$folder is there and is no environment of Python; name another folder"
  fi
  "$python" -m venv "$folder" || stop "no environment could be made (on Debian: the package python3-venv is missing)"
fi
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --isolated \
  --no-index --find-links "$here/wheels" --require-hashes --requirement "$here/requirements.txt" --upgrade
"$folder/bin/netpursuit" --version
echo "$folder/bin/netpursuit is in place. To try it: $folder/bin/netpursuit demo --workspace demo-workspace"

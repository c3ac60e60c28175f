#!/bin/sh
# What the tests need from the system: a Chromium to render pages in. Installs it as root on Debian, else says how.
set -eu
if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
  echo "Tests that render pages are left out without Chromium. To have them: sudo apt-get install chromium" >&2
fi

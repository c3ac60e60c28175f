#!/bin/sh
# What the tests need from the system: a Chromium to render pages in, a font with Chinese characters, a PostgreSQL to
# read feeds from, shells that complete, formatters of manual pages. Installs them as root on Debian, else says how.
set -eu
missing=
if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then
  missing=chromium
fi
if ! fc-list :lang=zh family 2>/dev/null | grep -q .; then
  missing="$missing fonts-noto-cjk"
fi
if ! command -v initdb >/dev/null && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  missing="$missing postgresql"
fi
for name in zsh fish mandoc; do
  command -v $name >/dev/null || missing="$missing $name"
done
command -v man >/dev/null || missing="$missing man-db"
if [ -z "$missing" ]; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  # The tests start servers of their own; the package is not to start one beside them.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "Tests that need them are left out. To have them: sudo apt-get install $missing" >&2
fi

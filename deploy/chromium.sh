#!/usr/bin/env bash
# A Chromium for the browser tests. The shell without a window is the same engine, and a page costs a third less in it:
# as root it is put beside the Chromium that is there. That is asked for once in a clone, and where it cannot be had the
# other one is as good. Without any Chromium: Debian's when we are root, or one line what to install.
set -euo pipefail
cd "$(dirname "$0")/.."
asked=.venv/asked-for-chromium-headless-shell
have() { for name in "$@"; do ! command -v "$name" >/dev/null || return 0; done; return 1; }
# Nothing is taken away for it, and no mirror is waited for.
install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove \
    -o Acquire::Retries=0 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 "$@" >/dev/null
}

have chromium-headless-shell && exit 0
root() { [ "$(id -u)" = 0 ] && have apt-get; }
if have chromium chromium-browser google-chrome; then
  root && [ ! -e "$asked" ] || exit 0
  echo "· asking for Debian's Chromium without a window for the browser tests"
  { install chromium-headless-shell || { timeout 60 apt-get update -qq && install chromium-headless-shell; }; } >/dev/null 2>&1 ||
    echo "· it cannot be had here: the Chromium that is there will do"
  touch "$asked"
elif root; then
  echo "· installing Debian's Chromium and a Chinese font for the browser tests"
  apt-get update -qq >/dev/null
  install chromium-headless-shell fonts-noto-cjk || install chromium fonts-noto-cjk
else
  echo "The browser tests need Chromium: install it first (Debian: sudo apt-get install chromium fonts-noto-cjk)." >&2
  exit 1
fi

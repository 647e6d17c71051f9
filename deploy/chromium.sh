#!/usr/bin/env bash
# A Chromium for the browser tests: the one that is there, or Debian's when we are root, or one line what to install.
# The shell without a window is the same engine, and a page costs a quarter less in it.
set -euo pipefail
for name in chromium-headless-shell chromium chromium-browser google-chrome; do command -v "$name" >/dev/null && exit 0; done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "· installing Debian's Chromium and a Chinese font for the browser tests"
  apt-get update -qq >/dev/null
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-cjk >/dev/null ||
    apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
  exit 0
fi
echo "The browser tests need Chromium: install it first (Debian: sudo apt-get install chromium fonts-noto-cjk)." >&2
exit 1

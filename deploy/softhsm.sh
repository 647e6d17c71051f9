#!/usr/bin/env bash
# A software module that speaks PKCS#11 (SoftHSM2), for the tests of the root key in hardware: the one that is there, or
# Debian's when we are root, or one line what to install.
set -euo pipefail
for path in /usr/lib/softhsm /usr/lib/x86_64-linux-gnu/softhsm /usr/lib/aarch64-linux-gnu/softhsm /usr/local/lib/softhsm; do
  [ -e "$path/libsofthsm2.so" ] && command -v softhsm2-util >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "· installing Debian's SoftHSM2 for the tests of PKCS#11"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends softhsm2 >/dev/null
  exit 0
fi
echo "The tests of PKCS#11 need SoftHSM2: install it first (Debian: sudo apt-get install softhsm2)." >&2
exit 1

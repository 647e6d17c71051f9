"""`make bench [SCALE=small]`: print every figure with its goal, and keep them in tests/bench/results.json."""

from __future__ import annotations

import logging
import os
import sys
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellbeing.settings")
os.environ.setdefault("CELERY_QUEUE", "bench")
os.environ.setdefault("LOOKS_PER_MINUTE", "1000000")  # one person's many searches are measured
django.setup()
logging.disable(logging.INFO)  # a line for each page that is entered is no figure

from tests.bench.figure import keep  # noqa: E402  after django.setup

PARTS = (
    "worklists",
    "sealing",
    "delivery",
    "clocks",
    "referrals",
    "papers",
    "staffing",
    "oversight",
    "screening",
    "school",
    "hotline",
    "desk",
    "pages",
    "keys",
    "audit",
)


def main(names: list[str]) -> int:
    scale = os.environ.get("SCALE", "full")
    found = []
    for name in names or PARTS:
        for figure in import_module(f"tests.bench.{name}").figures(scale):
            print(figure.line(), flush=True)
            found.append(figure)
    if not names:
        keep(found, scale)
    return 0 if all(figure.holds for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

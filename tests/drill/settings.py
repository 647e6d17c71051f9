"""The product's settings with one protection that can be turned off: `acks_late` (see controls.py)."""

import os

from wellbeing.settings import *  # noqa: F403

CELERY_TASK_ACKS_LATE = "acks_late" not in os.environ.get("DRILL_OFF", "").split()

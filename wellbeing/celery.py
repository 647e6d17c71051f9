"""Celery, the doorbell: it makes notices fast, never safe (the database does that)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellbeing.settings")
app = Celery("wellbeing")
app.config_from_object("django.conf:settings", namespace="CELERY")
# A worker keeps its database connection between tasks (a new one costs more than a delivery); each task starts by
# dropping one that has broken or grown old (wellbeing/outbox/tasks.py).
app.conf["CELERY_DB_REUSE_MAX"] = 1_000_000
app.autodiscover_tasks()

"""Prepared figures are written here alone, by machines: prepare_day counts a day, publish_month publishes a
month that is over."""

from wellbeing.reports.actions.prepare_day import prepare_day
from wellbeing.reports.actions.publish_month import publish_month

__all__ = ["prepare_day", "publish_month"]

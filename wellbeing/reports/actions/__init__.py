"""Prepared figures are written here alone, by machines: prepare_day counts a day, publish_month publishes a
month that is over, write_platform_file signs what may leave."""

from wellbeing.reports.actions.prepare_day import prepare_day
from wellbeing.reports.actions.publish_month import publish_month
from wellbeing.reports.actions.write_platform_file import write_platform_file

__all__ = ["prepare_day", "publish_month", "write_platform_file"]

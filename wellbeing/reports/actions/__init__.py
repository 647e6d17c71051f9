"""Prepared figures are written here alone, by machines: prepare_day counts a day, publish_month publishes a
month that is over, count_ballots empties its ballot box, write_platform_file signs what may leave."""

from wellbeing.reports.actions.count_ballots import count_ballots
from wellbeing.reports.actions.prepare_day import prepare_day
from wellbeing.reports.actions.publish_month import publish_month
from wellbeing.reports.actions.write_platform_file import write_platform_file

__all__ = ["count_ballots", "prepare_day", "publish_month", "write_platform_file"]

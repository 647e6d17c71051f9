"""The checks of the drill find what is planted, and nothing where nothing is."""

from __future__ import annotations

from uuid import UUID

LONG_AGO = UUID(int=0)

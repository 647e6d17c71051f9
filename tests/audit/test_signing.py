"""The key of the checkpoints, and the witnesses': what cannot be read is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from wellbeing.audit.apps import check_key
from wellbeing.audit.signing import signer, witnesses


def test_keys_that_cannot_be_read_are_named(settings: Any, tmp_path: Path) -> None:
    kept, path = settings.AUDIT_KEY_FILE, tmp_path / "key"
    try:
        for text in ("00" * 31, "00" * 33, "x", ""):
            path.write_text(text)
            path.chmod(0o400)
            settings.AUDIT_KEY_FILE = str(path)
            signer.cache_clear()
            with pytest.raises(ImproperlyConfigured):
                signer()
            assert [one.id for one in check_key(None)] == ["audit.E002"]
            path.chmod(0o600)
        settings.AUDIT_KEY_FILE = kept
        signer.cache_clear()
        assert check_key(None) == []
        settings.AUDIT_KEY_FILE = ""
        assert [one.id for one in check_key(None)] == ["audit.E001"]
        settings.AUDIT_WITNESSES = ["x"]
        witnesses.cache_clear()
        with pytest.raises(ImproperlyConfigured):
            witnesses()
        settings.AUDIT_KEY_FILE = kept
        assert [one.id for one in check_key(None)] == ["audit.E002"]
    finally:
        settings.AUDIT_KEY_FILE, settings.AUDIT_WITNESSES = kept, []
        signer.cache_clear()
        witnesses.cache_clear()

"""The product's settings, with passwords whose hash costs a hundredth of a real one: a sign-in is half a second of
somebody's waiting, and the suite signs in a thousand times. What a real one costs is shown in tests/web/test_pages.py."""

from wellbeing.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.hashing.Quick"]

"""The only door to change what an account proves itself with, one file per verb: enrol_totp enrol_passkey
renew_codes drop_factor change_password end_session bind_sign_on; change_reach, where notices go; and end_guide, of a
first visit.
"""

from wellbeing.signin.actions.bind_sign_on import bind_sign_on
from wellbeing.signin.actions.change_password import change_password
from wellbeing.signin.actions.change_reach import change_reach
from wellbeing.signin.actions.drop_factor import drop_factor
from wellbeing.signin.actions.end_guide import end_guide
from wellbeing.signin.actions.end_session import end_session
from wellbeing.signin.actions.enrol_passkey import enrol_passkey
from wellbeing.signin.actions.enrol_totp import enrol_totp
from wellbeing.signin.actions.renew_codes import renew_codes

__all__ = [
    "bind_sign_on",
    "change_password",
    "change_reach",
    "drop_factor",
    "end_guide",
    "end_session",
    "enrol_passkey",
    "enrol_totp",
    "renew_codes",
]

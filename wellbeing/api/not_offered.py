"""The actions that the API does not offer, each with the reason. With the acts they are the whole registry
(tests/rules/test_api.py)."""

from enum import StrEnum

from wellbeing.translatable import _


class Why(StrEnum):
    MACHINE = "machine"
    FRESH = "fresh"
    SELF = "self"
    FILE = "file"
    SEEN = "seen"
    SCREEN = "screen"
    NUMBER = "number"
    PART = "part"
    PAIR = "pair"


WHY_TEXT = {
    Why.MACHINE: _("A machine's alone; no page reaches it either."),
    Why.FRESH: _("Asks for the second factor within the last minutes, which a program does not have."),
    Why.SELF: _("About how a person proves who she is; only she does it, signed in."),
    Why.FILE: _("Begins with a file that a person brings and looks through before it counts."),
    Why.SEEN: _("Is bound to a preview that a person has read: nothing else is done than what she has seen."),
    Why.SCREEN: _("Shows a secret once, prints, or keeps what is typed: it has no meaning without its screen."),
    Why.NUMBER: _("A caller's number is seen by one person, confirmed by another, and goes into no program."),
    Why.PAIR: _("A step that several people answer for, each having looked at what lies before her."),
    Why.PART: _("Part of another action, never done by itself."),
}
NOT_OFFERED: dict[str, Why] = {
    **dict.fromkeys(("hear", "import_calls", "forget_numbers", "forget_callers"), Why.MACHINE),
    **dict.fromkeys(("give_answers", "note_try", "end_campaign", "import_screening", "remind_screening"), Why.MACHINE),
    **dict.fromkeys(
        ("escalate", "remind", "ring_again", "raise_draft", "escalate_glass", "warn_gap", "catch_up_clocks"),
        Why.MACHINE,
    ),
    **dict.fromkeys(("expire", "give_way", "follow_case", "hasten_clocks", "open_link", "drop_times"), Why.MACHINE),
    **dict.fromkeys(("start_clocks", "stop_clocks"), Why.MACHINE),
    **dict.fromkeys(("prepare_day", "publish_month", "write_platform_file", "count_ballots"), Why.MACHINE),
    **dict.fromkeys(("begin_rotation", "end_rotation", "retire_keys", "end_index_keys"), Why.MACHINE),
    **dict.fromkeys(("erase_case", "replay_erasures", "propose_erasures", "escalate_request"), Why.MACHINE),
    **dict.fromkeys(("release_cases", "renew_grants", "stand_in", "keep_referral", "end_exports"), Why.MACHINE),
    **dict.fromkeys(("note_backup", "note_restore_check", "release_sending"), Why.MACHINE),
    **dict.fromkeys(("open_account", "close_account", "renew_password", "reset_second_factor"), Why.FRESH),
    **dict.fromkeys(("take_absence", "end_absence", "enter_absence", "lift_absence"), Why.FRESH),
    **dict.fromkeys(("appoint", "confirm_appointment", "decline_appointment", "end_post"), Why.FRESH),
    **dict.fromkeys(("break_glass", "ask_sealed", "confirm_sealed", "refuse_sealed", "review_glass"), Why.FRESH),
    **dict.fromkeys(("decide_answer", "hand_out_records", "ask_erasure", "confirm_erasure", "lift_hold"), Why.FRESH),
    "change_policy": Why.FRESH,
    **dict.fromkeys(("ask_export", "confirm_export", "fetch_export"), Why.FRESH),
    **dict.fromkeys(("ask_token", "confirm_token", "decline_token", "end_token"), Why.FRESH),
    **dict.fromkeys(("enrol_totp", "enrol_passkey", "renew_codes", "drop_factor"), Why.SELF),
    **dict.fromkeys(("change_password", "change_reach", "end_session", "bind_sign_on"), Why.SELF),
    **dict.fromkeys(("attach", "import_roster", "enrol_students"), Why.FILE),
    **dict.fromkeys(("hold_screening", "map_screening", "stage_screening"), Why.FILE),
    **dict.fromkeys(("confirm_screening", "drop_screening", "recount_screening"), Why.FILE),
    **dict.fromkeys(("receive_record_request", "take_up_record", "propose_answer", "set_hold"), Why.PAIR),
    **dict.fromkeys(("decide_flagged", "ask_transfer", "withdraw_attachment"), Why.SEEN),
    **dict.fromkeys(("make_link", "print_sheets", "save_draft", "drop_draft", "end_guide"), Why.SCREEN),
    **dict.fromkeys(("continue_call", "log_draft"), Why.SCREEN),
    **dict.fromkeys(("ask_caller", "confirm_caller", "refuse_caller", "read_caller"), Why.NUMBER),
    "ask_about_caller": Why.NUMBER,
    "log_ring": Why.PART,
}

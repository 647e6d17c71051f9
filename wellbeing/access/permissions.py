"""Every permission, area:thing:verb. What each asks for stands in policy.py."""

from enum import StrEnum


class P(StrEnum):
    # the hotline and the school desk
    CALL_TAKE = "cases:call:take"
    CASE_LIST = "cases:case:list"
    BOARD_SEE = "cases:board:see"
    CASE_SEARCH = "cases:case:search"
    CASE_SEE = "cases:case:see"
    FILE_READ = "cases:file:read"
    WARNING_ACKNOWLEDGE = "cases:warning:acknowledge"
    WARNING_ESCALATE = "cases:warning:escalate"
    RISK_ASSESS = "cases:risk:assess"
    TIER_RAISE = "cases:tier:raise"
    TIER_LOWER = "cases:tier:lower"
    LOWERING_CONFIRM = "cases:lowering:confirm"
    MANAGER_ASSIGN = "cases:manager:assign"
    FOLLOW_UP = "cases:case:follow_up"
    CASE_CLOSE = "cases:case:close"
    SCREENING_IMPORT = "cases:screening:import"
    CLOCK_KEEP = "cases:clock:keep"
    # the green channel
    CHANNEL_OPEN = "referrals:channel:open"
    REFERRAL_LIST = "referrals:referral:list"
    REFERRAL_SEE = "referrals:referral:see"
    PACKET_READ = "referrals:packet:read"
    REFERRAL_RECEIVE = "referrals:referral:receive"
    APPOINTMENT_BOOK = "referrals:appointment:book"
    FEEDBACK_RECORD = "referrals:feedback:record"
    RETURN_PLAN = "referrals:return:plan"
    REFERRAL_CLOSE = "referrals:referral:close"
    REFERRAL_WITHDRAW = "referrals:referral:withdraw"
    # figures and the ground
    STAFFING_SEE = "reports:staffing:see"
    INBOX_SEE = "web:inbox:see"
    HOME_SEE = "web:home:see"
    AUDIT_VERIFY = "audit:chain:verify"

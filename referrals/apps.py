from django.apps import AppConfig

from wellbeing.vault.columns import Column, name_columns

_REFERRAL = "(SELECT r.division_id FROM referrals_referral r WHERE r.id = t.referral_id)"


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        case = "(SELECT r.case_id FROM referrals_referral r WHERE r.id = t.referral_id)"
        name_columns(Column("packet", "referrals_packet", "sealed", "referrals.packet", "t.id", _REFERRAL, case=case))

        from cases import going
        from referrals.actions._ending import file_goes

        going.then(file_goes)

"""The database's clock inside a query: what is compared with it need not be asked first."""

from django.db.models import DateTimeField, Func


class AppNow(Func):
    """The moment that `workdays.now()` gives, without a round trip."""

    function = "app_now"
    arity = 0
    output_field = DateTimeField()

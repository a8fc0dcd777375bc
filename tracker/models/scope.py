"""Which rows a user may see. Every page, file and answer begins here."""

from django.db.models import Q


def public_or_own(user, *, public: Q, opd_path: str) -> Q:
    """The `public` rows for everybody signed in, those of the own OPD as well, and all of them for the Sekretariat."""
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    return public | Q(**{opd_path: user.opd_id}) if user.opd_id else public

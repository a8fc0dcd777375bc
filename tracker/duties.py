"""What a signed-in person has to do before anything else opens, on pages and in the API alike."""

from django.conf import settings

from tracker import second_factor

HAS_SECOND_FACTOR = "has_second_factor"


def page_due(request) -> str | None:
    """The page that this person has to deal with before all others, by its name."""
    if request.user.must_change_password:
        return "password_change"
    if settings.SECOND_FACTOR_REQUIRED and lacks_second_factor(request):
        return "second_factor"
    return None


def lacks_second_factor(request) -> bool:
    """Whether the Sekretariat signs in without one. That it has one is remembered for the session."""
    if HAS_SECOND_FACTOR in request.session or not request.user.is_secretary:
        return False
    if second_factor.is_on(request.user):
        request.session[HAS_SECOND_FACTOR] = True
        return False
    return True

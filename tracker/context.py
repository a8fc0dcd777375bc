from django.conf import settings


def site(request):
    """Names of this installation, for every template."""
    return {"region_name": settings.REGION_NAME, "team_name": settings.TEAM_NAME}

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    default_site = "tracker.admin_site.TrackerAdminSite"


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Data program"

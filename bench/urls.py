"""The site with one more page: empty, but for a signed-in person and through the same stack. It costs F."""

from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as site

EMPTY = "/bench/empty/"


def empty(request):
    return render(request, "tracker/base.html")


urlpatterns = [path(EMPTY.removeprefix("/"), empty), *site]

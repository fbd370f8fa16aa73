"""The addresses of the public catalogue for machines."""

from django.urls import path, re_path

from dianchi.interfaces.api import ckan, dcat

urlpatterns = [
    re_path(r"^api/(?:3/)?action/(?P<name>[a-z_]{1,60})$", ckan.action),
    re_path(r"^catalogue\.(?P<ending>jsonld|ttl)$", dcat.catalogue),
    re_path(r"^catalogue/(?P<code>[A-Za-z0-9-]{1,40})\.(?P<ending>jsonld|ttl)$", dcat.item),
    path("api/3", ckan.version_of),
]

"""Every address of the site and of the API."""

from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from dianchi.interfaces.web import problems


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [path("healthz", healthz)]
if find_spec("dianchi.interfaces.api.urls"):
    urlpatterns.append(path("api/v1/", include("dianchi.interfaces.api.urls")))
urlpatterns.append(path("", include("dianchi.interfaces.api.open_catalogue")))
urlpatterns.append(path("", include("dianchi.interfaces.web.urls")))

handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.server_error

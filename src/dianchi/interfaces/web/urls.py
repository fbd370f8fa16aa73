"""The addresses of the pages."""

from django.urls import path

from dianchi.interfaces.web.views import (
    acts,
    cases,
    data,
    develop,
    ledger,
    lists,
    notices,
    papers,
    search,
    signing,
    site,
    workbench,
)

urlpatterns = [
    # public
    path("", site.home),
    path("authorizations", site.authorizations),
    path("publicity", site.publicity),
    path("products", site.products),
    path("products/<str:code>", site.product),
    path("disclosure", site.disclosure),
    path("certificates", site.certificates),
    path("complaints", site.complaints),
    path("favicon.ico", site.favicon),
    path("robots.txt", site.robots),
    # the person
    path("sign-in", signing.enter),
    path("sign-out", signing.leave),
    path("switch", signing.switch),
    path("language", signing.language),
    # work
    path("work", workbench.workbench),
    path("search", search.search),
    path("notices", notices.notices),
    path("notices/read", notices.read),
    path("notices/settings", notices.settle),
    path("notices/calendar", notices.calendar),
    path("calendar/<str:secret>.ics", notices.feed),
    path("cockpit", data.cockpit),
    path("cases/<slug:name>", lists.cases),
    path("cases/<slug:name>/export.xlsx", lists.export),
    path("cases/<slug:name>/new", acts.opening),
    path("cases/<slug:name>/new/<slug:act>", acts.opening),
    path("cases/<slug:name>/<str:code>", cases.case),
    path("cases/<slug:name>/<str:code>/documents", papers.add),
    path("cases/<slug:name>/<str:code>/documents/<int:pk>", papers.document),
    path("cases/<slug:name>/<str:code>/paper", papers.paper),
    path("cases/<slug:name>/<str:code>/official/<int:index>.<slug:ending>", papers.official),
    path("cases/<slug:name>/<str:code>/<slug:act>", acts.act),
    # developing
    path("develop", develop.workbench),
    path("develop/explain", develop.explain),
    path("develop/save", develop.save),
    path("develop/start", develop.start),
    path("develop/try/<slug:kind>", develop.attempt),
    path("develop/tries/<slug:key>", develop.attempted),
    path("develop/run/<str:code>", develop.progress),
    path("develop/run/<str:code>/cancel", develop.cancel),
    path("develop/runs/<str:code>", develop.result),
    path("develop/programs/<str:code>/versions", develop.versions),
    path("ledger/<int:index>", ledger.entry),
    path("ledger/<int:index>/proof", ledger.proof),
]

"""Names: every table, column and alias resolved against the grant; a WITH name or an alias never hides what it is."""

from dianchi.engines.guard.bind.queries import Binder, bind
from dianchi.engines.guard.bind.scope import column, quoted

__all__ = ["Binder", "bind", "column", "quoted"]

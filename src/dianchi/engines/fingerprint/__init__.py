"""Marks in bulk deliveries that name the recipient of a leaked copy, and leave every released total where it was.

`mark` before a delivery, `trace` when a copy turns up; docs/explanation/fingerprint.md says why the stated error holds.
"""

from dianchi.engines.fingerprint.marking import Marked, mark
from dianchi.engines.fingerprint.tracing import Finding, Suspect, trace
from dianchi.engines.fingerprint.values import Marking, recipient_key

__all__ = ["Finding", "Marked", "Marking", "Suspect", "mark", "recipient_key", "trace"]

"""A small client of the gate: calls, pages, files with resume, receipts checked, data frames.

    from dianchi.client import Client
    gate = Client("http://127.0.0.1:8001", key)
    gate.call("prefecture-epidemic-summary", date="2020-12-08").to_pandas()

It needs no Django and no store, only the address, a key, and the gate's public line to check receipts with.
"""

from dianchi.client.client import Client
from dianchi.client.results import Refused, Result

__all__ = ["Client", "Refused", "Result"]

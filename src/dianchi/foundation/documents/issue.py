"""Freezing an official document: set once as PDF and Word, kept by digest, and the digests put in the ledger."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dianchi.foundation import ledger
from dianchi.foundation.documents.form import Form
from dianchi.foundation.documents.models import Document
from dianchi.foundation.documents.store import attach
from dianchi.foundation.documents.typeset import pdf
from dianchi.foundation.documents.word import docx
from dianchi.foundation.ledger.models import Entry, Head

FROZEN = "documents.freeze"  # kind of the ledger's entry
KINDS = (("pdf", "application/pdf"), ("docx", "application/zip"))


def issued(case_type: str, case_code: str, index: int) -> dict[str, Document]:
    """The frozen files of the document that the act at that ledger index issued, by their ending."""
    found = Document.objects.filter(case_type=case_type, case_code=case_code, entry=index)
    return {d.file_name.rpartition(".")[2]: d for d in found}


def issue(form: Form, entry: Entry, at: datetime) -> dict[str, Document]:
    """Set the document of a ledger entry and freeze it, recorded at `at`; the second time, what was frozen."""
    if found := issued(entry.case_type, entry.case_id, entry.index):
        return found
    made = {"pdf": pdf(form, entry.at), "docx": docx(form, entry.at)}
    with transaction.atomic():
        Head.objects.select_for_update().get(pk=1)  # two who ask at once: the second finds the first's
        if found := issued(entry.case_type, entry.case_id, entry.index):
            return found
        files = {ending: _keep(data, ending, form, entry) for ending, data in made.items()}
        _record(form, entry, files, at)
    return files


def _keep(data: bytes, ending: str, form: Form, entry: Entry) -> Document:
    document = attach(
        data, f"{form.title}.{ending}", case_type=entry.case_type, case_code=entry.case_id,
        act=entry.kind.rpartition(".")[2], title=form.title, by="", at=entry.at,
    )  # fmt: skip
    document.entry = entry.index
    document.save(update_fields=["entry"])
    return document


def _record(form: Form, entry: Entry, files: dict[str, Document], at: datetime) -> None:
    ledger.record(
        FROZEN, case_type=entry.case_type, case_id=entry.case_id, by="", organisation=entry.organisation,
        role=entry.role, at=at, article=entry.article, outcome="done",
        payload={
            "title": form.title,
            "entry": entry.index,
            "files": [{"name": e, "sm3": d.sm3, "sha256": d.sha256, "size": d.size} for e, d in sorted(files.items())],
        },
    )  # fmt: skip

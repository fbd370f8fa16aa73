"""Model scoring: a reviewed model over rows that may leave by themselves, so that a score tells nothing that they do not."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile

from dianchi.engines.runner.scoring import Scorer
from dianchi.foundation.documents import store
from dianchi.foundation.documents.queries import of_case
from dianchi.gate.kinds.values import Call, Outcome, Runs, cleaned
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

NO_MODEL = Refusal(
    "gate.model-not-here", Text("产品没有经审查的模型文件", "The product has no model file that was reviewed"), spec27(21),
    Text("请开发主体以 ZIP 附件上传模型文件", "The developer attaches the model file in a ZIP"), ("R45",),
)  # fmt: skip
_MOST_MODELS = 4
_running: dict[str, Scorer] = {}
_lock = threading.Lock()


def answer(call: Call, runs: Runs) -> Outcome:
    """The rows of the query with a score for each."""
    outcome = cleaned(runs.run(call.bound()), runs.plan)
    digest = str(call.settings["model_digest"])
    scores = scorer(call.order.product_code, digest).score(outcome.table)
    table = outcome.table.append_column("score", scores)
    return Outcome(table, outcome.suppressed, recorded={"model": digest})


def scorer(product: str, digest: str) -> Scorer:
    """The walled process of a model, started at its first use; the one used longest ago makes room."""
    with _lock:
        found = _running.pop(digest, None)
        if found is None or not found.alive:
            found = Scorer(model_of(product, digest))
        _running[digest] = found
        if len(_running) > _MOST_MODELS:
            _running.pop(next(iter(_running))).close()
    return found


def model_of(product: str, digest: str) -> bytes:
    """The model's bytes among the product's attachments, by their SHA-256; RuleBroken if there is none."""
    for document in of_case("products", product):
        if document.media_type != "application/zip":
            continue
        with zipfile.ZipFile(io.BytesIO(store.read(document))) as packed:
            for member in packed.infolist():
                if member.filename.endswith(".onnx") and member.file_size <= 256 << 20:
                    data = packed.read(member)
                    if hashlib.sha256(data).hexdigest() == digest:
                        return data
    raise RuleBroken(NO_MODEL)

"""Write the derived documents, or say which are stale."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dianchi.interfaces.docs.law import law
from dianchi.interfaces.docs.lifecycles import lifecycles
from dianchi.interfaces.docs.permissions import permissions
from dianchi.interfaces.docs.refused import refused


def documents(root: Path) -> Mapping[Path, str]:
    """Every derived document of a checkout: its path and what it should hold."""
    folder = root / "docs" / "generated"
    return {
        folder / "lifecycles.md": lifecycles(),
        folder / "permissions.md": permissions(),
        folder / "refusals.md": refused(),
        folder / "law.md": law(root / "tests"),
    }


def write(root: Path) -> list[Path]:
    """Write them; the paths that changed."""
    changed = stale(root)
    for path, text in documents(root).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return changed


def stale(root: Path) -> list[Path]:
    """The documents that are missing or say something else than the code."""
    return [p for p, text in documents(root).items() if not p.is_file() or p.read_text("utf-8") != text]

"""`dianchi law`: which code, tests and pages hold each rule; `dianchi docs`: the derived documents."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

import dianchi
from dianchi.interfaces.cli.store import json_option, set_up
from dianchi.kernel.errors import NotFound, Refusal, RuleBroken
from dianchi.kernel.text import Text

NO_CHECKOUT = Refusal(
    "cli.no-checkout", Text("没有找到源代码目录", "There is no checkout here"),
    remedy=Text("请在源代码目录中运行，或指定该目录", "Run it in the checkout, or name it with --root"),
)  # fmt: skip
STALE = Refusal(
    "cli.documents-stale",
    Text("以下派生文档与代码不一致：{names}", "These documents do not say what the code says: {names}"),
    remedy=Text("请重新生成并提交", "Generate them again and commit them"),
)  # fmt: skip

root_option = click.option(
    "--root", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None,
    help="源代码目录 · The checkout (default: where the package or the current folder is).",
)  # fmt: skip


def _root(given: Path | None) -> Path:
    for folder in [given] if given else [Path(dianchi.__file__).parents[2], Path.cwd()]:
        if (folder / "pyproject.toml").is_file() and (folder / "src" / "dianchi").is_dir():
            return folder
    raise NotFound(NO_CHECKOUT)


@contextmanager
def _without_store() -> Iterator[None]:
    """The declarations need Django's registry of apps but no store: a folder that is thrown away stands in."""
    before = os.environ.get("DIANCHI_VAR")
    with tempfile.TemporaryDirectory(prefix="dianchi-docs-") as folder:
        os.environ["DIANCHI_VAR"] = folder
        try:
            set_up()
            yield
        finally:
            if before is None:
                del os.environ["DIANCHI_VAR"]
            else:
                os.environ["DIANCHI_VAR"] = before


@click.group()
def law() -> None:
    """法规对照 · The law in the code."""


@law.command()
@root_option
@json_option
def coverage(root: Path | None, as_json: bool) -> None:
    """每条规则由哪些代码、测试和页面落实 · What holds each rule and clock."""
    with _without_store():
        from dianchi.interfaces.docs.coverage import coverage as covered

        held = covered(_tests(root))
    if as_json:
        click.echo(json.dumps({id_: asdict(one) for id_, one in held.items()}, ensure_ascii=False))
        return
    for id_, one in held.items():
        click.echo(f"{id_:<4} {len(one.tests):>3} 项测试 tests  {' '.join(one.codes) or '—'}")
    bare = [id_ for id_, one in held.items() if not one.codes]
    click.echo(f"\n{len(held) - len(bare)}/{len(held)}  尚无代码落实 Nothing holds yet: {' '.join(bare) or '—'}")


def _tests(root: Path | None) -> Path:
    try:
        return _root(root) / "tests"
    except NotFound:
        return Path("tests")  # an installed package has none: the lists stay empty


@click.group()
def docs() -> None:
    """派生文档 · The derived documents."""


@docs.command()
@root_option
def generate(root: Path | None) -> None:
    """重新生成 · Write docs/generated."""
    folder = _root(root)
    with _without_store():
        from dianchi.interfaces.docs.generate import write

        changed = write(folder)
    for path in changed:
        click.echo(path.relative_to(folder))


@docs.command()
@root_option
def check(root: Path | None) -> None:
    """核对是否过期 · Exit non-zero when a document is stale."""
    folder = _root(root)
    with _without_store():
        from dianchi.interfaces.docs.generate import stale

        found = stale(folder)
    if found:
        raise RuleBroken(STALE.saying(names=", ".join(p.name for p in found)))

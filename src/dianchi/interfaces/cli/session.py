"""Signing in on the command line: the token of a store is kept in the user's own state folder, readable by nobody else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from dianchi.interfaces.cli.store import json_option, open_store, show, var, var_option
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import NotPermitted, Refusal
from dianchi.kernel.text import Text

NOT_SIGNED_IN = Refusal(
    "cli.not-signed-in",
    Text("您尚未登录", "You are not signed in"),
    remedy=Text("请先运行登录命令", "Run `dianchi sign-in ACCOUNT`"),
)


def _file() -> Path:
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "dianchi" / "sessions.json"


def _tokens() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(_file().read_text())
    except (OSError, ValueError):
        return {}
    return found


def _keep(tokens: dict[str, str]) -> None:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(tokens, file)


def actor() -> Actor:
    """Who is signed in on this store; raises NotPermitted."""
    from dianchi.foundation import clock
    from dianchi.foundation.identity.login import actor_of_token

    token = os.environ.get("DIANCHI_TOKEN") or _tokens().get(str(var()))
    if not token:
        raise NotPermitted(NOT_SIGNED_IN)
    return actor_of_token(token, clock.now())


@click.command("sign-in")
@click.argument("username")
@click.option("--organisation", default="", help="机构代码 · Where a person acts for several.")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取口令 · Read the password from standard input.")
@var_option
def sign_in(username: str, organisation: str, password_stdin: bool) -> None:
    """登录 · Sign in."""
    open_store()
    from dianchi.foundation import clock
    from dianchi.foundation.identity import login
    from dianchi.foundation.identity.queries import actors

    if password_stdin:
        password = click.get_text_stream("stdin").readline().rstrip("\n")
    else:
        password = click.prompt("口令 · Password", hide_input=True)
    at = clock.now()
    person = login.sign_in(username, password, at)
    acting = [a for a in actors(person, at) if organisation in ("", a.organisation)]
    if not acting:
        raise NotPermitted(Refusal("identity.no-role", Text("您目前没有可用的任用", "You hold no role at present")))
    _keep({**_tokens(), str(var()): login.issue_token(person, acting[0].organisation, at)})
    click.echo(f"{acting[0].name} · {acting[0].organisation_name}")


@click.command("sign-out")
@var_option
def sign_out() -> None:
    """退出登录 · Sign out."""
    open_store()
    from dianchi.foundation import clock
    from dianchi.foundation.identity.login import revoke_token

    tokens = _tokens()
    if token := tokens.pop(str(var()), None):
        revoke_token(token, clock.now())
        _keep(tokens)


@click.command()
@var_option
@json_option
def whoami(as_json: bool) -> None:
    """当前身份 · Who is signed in."""
    open_store()
    by = actor()
    show(
        {
            "name": by.name,
            "organisation": by.organisation,
            "organisation_name": by.organisation_name,
            "roles": sorted(by.roles),
        },
        as_json,
    )

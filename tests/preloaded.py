"""What every process that tests kill has read when it begins; see ``tests.processes``."""

from __future__ import annotations

import gc

from adapters import cli
from tests.conftest import all_guides
from tests.core import crashing
from tests.slack import sender
from tests.web import chat

READ = cli, crashing, sender, chat, all_guides()

# Children look for no garbage in it: else each would copy all of it on its first such look.
gc.freeze()

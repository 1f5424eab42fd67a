"""Processes that tests kill: children of one that has imported and read everything, so that a death costs little."""

from __future__ import annotations

import multiprocessing

processes = multiprocessing.get_context("forkserver")
# There is one such parent for all tests of a process: what is read ahead for any of them is named here.
processes.set_forkserver_preload(["tests.preloaded"])

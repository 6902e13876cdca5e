"""A process with all that it has started."""

from __future__ import annotations

import os
import signal
import subprocess


def end_group(leader: subprocess.Popen[bytes]) -> None:
    """Kills whatever is left of the process and of what it started, and waits for it. It began a session of its own
    (`start_new_session`)."""
    try:
        os.killpg(leader.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        leader.wait()

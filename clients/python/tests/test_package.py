"""What the package needs."""

from __future__ import annotations

import subprocess
import sys


def test_it_needs_only_numpy() -> None:
    script = "import sys; sys.modules.update(torch=None, avalanche=None); import reverie, reverie.continuum"

    subprocess.run([sys.executable, "-c", script], check=True)

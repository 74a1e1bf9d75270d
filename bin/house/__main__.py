"""This will run one of the commands in bin; their few lines of shell call it."""

import sys
from pathlib import Path

# The folder itself comes first when Python runs a folder; the package is what we want.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from house.commands import main  # noqa: E402

sys.exit(main(sys.argv[1], sys.argv[2:]))

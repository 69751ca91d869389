"""File systems that refuse locks, as some network disks do, and what stands in for them.

Among the processes of one host and one ``TMPDIR`` the stand-in is as good as the lock. Others cannot see it: they tell
by the heartbeat who lives, and have an index of their own.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

_REFUSALS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


def is_refusal(error: OSError) -> bool:
    """Tell whether an error says that there are no locks here, whoever asks for them."""
    return error.errno in _REFUSALS


def stand_in_folder(folder: Path) -> Path:
    """Return a folder of this user's on the machine's own disk that stands in for ``folder``; made if need be.

    Raises
    ------
    PermissionError
        Somebody else has made a folder of that name.
    """
    import hashlib

    own = make_private_folder()
    stand_in = own / hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:16]
    stand_in.mkdir(mode=0o700, exist_ok=True)
    return stand_in


def make_private_folder() -> Path:
    """Return a folder of this user's for what is not to last, which nobody else may look into.

    Raises
    ------
    PermissionError
        Somebody else has made a folder of that name.
    """
    own = _own_folder()
    own.mkdir(mode=0o700, exist_ok=True)
    if own.lstat().st_uid != os.getuid() or own.is_symlink():
        raise PermissionError(errno.EPERM, "It belongs to somebody else", str(own))
    return own


def is_stand_in(folder: Path) -> bool:
    """Tell whether a folder is where this user's stand-ins are."""
    return folder.name == _own_folder().name and folder in (_own_folder(), _own_folder().resolve())


def _own_folder() -> Path:
    import tempfile

    return Path(tempfile.gettempdir()) / f"trackside-{os.getuid()}"

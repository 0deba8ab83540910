"""Compile kernels with numba, and keep what is compiled only for as long as the sources are the same.

numba's own cache watches the file of each function, not the files of the functions it calls, so a change in one kernel
would leave its callers as they were. Here the folder of the cache is named by a hash of every source file of the
package: any change starts an empty cache. Compiled code takes its decorator from this module, never from numba:

kernel       for what allocates nothing. It leaves out the counting of references to arrays, which takes longer than the
             work itself and makes threads wait for one another (measured: 6 times fewer microseconds a raid).
entry        a kernel that Python calls; it holds no lock, so threads run it side by side.
njit         for what allocates arrays.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

from shieldwall.core.cache_folder import cache_folder

_KEPT = 8
_njit: Any = numba.njit  # its stubs know neither _nrt nor that a kernel is called like its function
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _fingerprint() -> str:
    """Return a hash of the sources of every folder that holds kernels."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.blake2b(digest_size=10)
    for path in sorted(package.rglob("*.py")):
        source = path.read_bytes()
        if b"core.compiled" in source or path.parent == package or path == Path(__file__).resolve():
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(source)
    digest.update(numba.__version__.encode())
    return digest.hexdigest()


def _use_own_cache() -> None:
    """Point numba at the cache of these sources; without a folder to write to, at a temporary one."""
    root = cache_folder() / "compiled"
    own = root / _fingerprint()
    try:
        if not own.exists():
            own.mkdir(parents=True)
            _forget_old(root)
    except OSError:
        own = Path(tempfile.gettempdir()) / f"shieldwall-{own.name}"
    settings: Any = numba.config
    settings.CACHE_DIR = str(own)


def _forget_old(root: Path) -> None:
    """Remove all but the newest caches of other sources."""
    import shutil  # noqa: PLC0415  only when the sources have changed

    others = sorted((p for p in root.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in others[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


_use_own_cache()


def kernel(function: _Function) -> _Function:
    """Compile a function that allocates nothing, to be called from compiled code."""
    compiled: _Function = _njit(cache=True, _nrt=False)(function)
    return compiled


def entry(function: _Function) -> _Function:
    """Compile a function that allocates nothing and that Python calls, without the interpreter's lock."""
    compiled: _Function = _njit(cache=True, nogil=True, _nrt=False)(function)
    return compiled


def njit(*, cache: bool, nogil: bool = False) -> Callable[[_Function], _Function]:
    """Compile a function that allocates arrays."""

    def compile_it(function: _Function) -> _Function:
        compiled: _Function = _njit(cache=cache, nogil=nogil)(function)
        return compiled

    return compile_it

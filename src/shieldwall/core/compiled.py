"""Compile kernels with numba, and keep what is compiled only for as long as the sources are the same.

numba's own cache watches the file of each function, not the files of the functions it calls, so a change in one kernel
would leave its callers as they were. Here the folder of the cache is named by a hash of every source file of the
package: any change starts an empty cache. Compiled code takes its decorator from this module, never from numba:

kernel       for what allocates nothing and is called from compiled code. It leaves out the counting of references to
             arrays, which takes longer than the work itself and makes threads wait for one another (measured: 6 times
             fewer microseconds a raid), and the wrapper for calls from Python (half of the time to compile). Python
             that calls it runs the function as it is written, with the same bits.
subroutine   a kernel that is called, not copied into its callers.
where_given  a kernel for tables in which a part is given; where it is None, another takes its place. What a scenario
             does not name is then not compiled for it, and takes no time in it.
entry        a kernel that Python calls; it holds no lock, so threads run it side by side.
njit         for what allocates arrays.
"""

from __future__ import annotations

import hashlib
import inspect
import tempfile
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba import types
from numba.extending import overload, register_jitable

from shieldwall.core.cache_folder import cache_folder

_KEPT = 8
_njit: Any = numba.njit  # the stubs know neither these options nor that a kernel is called like its function
_register_jitable: Any = register_jitable
_overload: Any = overload
_none: Any = types.NoneType
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _is_solver(path: Path) -> bool:
    return "solvers" in path.parts


def _fingerprint(*, solvers: bool) -> str:
    """Return a hash of every source that holds compiled code: of the solvers, or of all but them."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=10)
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        shared = inside.parts[0] == "core"
        source = path.read_bytes() if shared or _is_solver(inside) == solvers else b""
        if b"core.compiled" in source or inside.name in (
            "compiled.py",
            "state.py",
            "tables.py",
            "state_air.py",
            "tables_air.py",
        ):
            digest.update(inside.as_posix().encode())
            digest.update(source)
    return digest.hexdigest()


@lru_cache
def _own_cache(*, solvers: bool) -> str:
    """Return the folder of the cache of these sources; without a folder to write to, a temporary one."""
    root = cache_folder() / ("compiled-solvers" if solvers else "compiled")
    own = root / _fingerprint(solvers=solvers)
    try:
        if not own.exists():
            own.mkdir(parents=True)
            _forget_old(root)
    except OSError:
        own = Path(tempfile.gettempdir()) / f"shieldwall-{own.name}"
    return str(own)


def _forget_old(root: Path) -> None:
    """Remove all but the newest caches of other sources."""
    import shutil  # noqa: PLC0415  only when the sources have changed

    others = sorted((p for p in root.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
    for path in others[_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def _compile(function: _Function, **options: bool) -> _Function:
    """Compile a function with its cache in the folder of its own family of sources."""
    settings: Any = numba.config
    settings.CACHE_DIR = _own_cache(solvers=function.__module__.startswith("shieldwall.solvers"))
    compiled: _Function = _njit(**options)(function)
    return compiled


def is_kept(function: Callable[..., Any]) -> bool:
    """Return whether anything compiled of an entry is in the cache of these sources."""
    name = f"{Path(function.__code__.co_filename).stem}.{function.__name__}"
    return any(Path(_own_cache(solvers=False)).rglob(f"{name}*.nbc"))


_KERNEL = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": True}


def kernel(function: _Function) -> _Function:
    """Compile a function that allocates nothing when compiled code calls it; Python runs it as it is written."""
    compiled: _Function = _register_jitable(**_KERNEL)(function)
    return compiled


def where_given(part: str, otherwise: Callable[..., Any]) -> Callable[[_Function], _Function]:
    """Compile a kernel for tables in which `part` is given, and `otherwise` in its place where it is None.

    The two take the same parameters, one of them named `tables`, a named tuple. Compiled code chooses by the type of
    the part, before anything runs; Python asks each time.
    """

    def choose(function: _Function) -> _Function:
        place = list(inspect.signature(function).parameters).index("tables")

        @wraps(function)
        def chosen(*arguments: Any) -> Any:
            return (otherwise if getattr(arguments[place], part) is None else function)(*arguments)

        def by_type(*kinds: Any) -> Any:
            tables = kinds[place]
            return otherwise if isinstance(tables.types[tables.fields.index(part)], _none) else function

        _overload(chosen, jit_options=dict(_KERNEL), strict=False)(by_type)
        return chosen  # type: ignore[return-value]

    return choose


def subroutine(function: _Function) -> _Function:
    """Compile like `kernel`, but once, to be called and not copied into each caller: for what is large and seldom."""
    compiled: _Function = _register_jitable(**{**_KERNEL, "forceinline": False})(function)
    return compiled


def entry(function: _Function) -> _Function:
    """Compile a function that allocates nothing and that Python calls, without the interpreter's lock."""
    return _compile(function, cache=True, nogil=True, _nrt=False, no_cfunc_wrapper=True)


def njit(*, cache: bool, nogil: bool = False) -> Callable[[_Function], _Function]:
    """Compile a function that allocates arrays."""
    return lambda function: _compile(function, cache=cache, nogil=nogil)

"""What the processes of Diptych have in common: the environment that they get, and that they leave no core behind."""

from __future__ import annotations

# Those that a Python process needs, by their full names: any other may hold a key, under any name.
PROCESS_VARIABLES = frozenset({
    "PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
    # The locale's categories, which are names in full here: ssh passes on whatever begins with LC_.
    "LC_ALL", "LC_CTYPE", "LC_NUMERIC", "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES", "LC_PAPER", "LC_NAME",
    "LC_ADDRESS", "LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION",
    # Python's own (`python --help-env`, 3.11 to 3.14), but for those that only an interactive one reads.
    "PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "PYTHONPLATLIBDIR", "PYTHONNOUSERSITE", "PYTHONUSERBASE", "PYTHONEXECUTABLE",
    "PYTHONOPTIMIZE", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONHASHSEED", "PYTHONUNBUFFERED",
    "PYTHONVERBOSE", "PYTHONWARNINGS", "PYTHONDEVMODE", "PYTHONUTF8", "PYTHONIOENCODING", "PYTHONCOERCECLOCALE",
    "PYTHONLEGACYWINDOWSFSENCODING", "PYTHONLEGACYWINDOWSSTDIO", "PYTHONINTMAXSTRDIGITS", "PYTHONNODEBUGRANGES",
    "PYTHONFAULTHANDLER", "PYTHONTRACEMALLOC", "PYTHONPROFILEIMPORTTIME", "PYTHONASYNCIODEBUG", "PYTHONMALLOC",
    "PYTHONMALLOCSTATS", "PYTHONFROZENMODULES", "PYTHONPERFSUPPORT", "PYTHON_GIL", "PYTHON_CPU_COUNT", "PYTHON_COLORS",
    # macOS: where libraries are looked for.
    "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "DYLD_FALLBACK_FRAMEWORK_PATH",
    "DYLD_INSERT_LIBRARIES",
    # A packaged build's own, by PyInstaller 6.
    "_MEIPASS2", "_PYI_APPLICATION_HOME_DIR", "_PYI_ARCHIVE_FILE", "_PYI_PARENT_PROCESS_LEVEL", "_PYI_SPLASH_IPC",
    "_PYI_LINUX_PROCESS_NAME",
    "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PATHEXT",
})  # fmt: skip


def leave_no_core() -> None:
    """A crash writes no core file of this process, which would hold its keys. Windows has none.

    Where the system hands cores to a program (`kernel.core_pattern` with a `|`), that decides; systemd's obeys.
    """
    try:
        import resource
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))

"""The memory that this process has taken from the system."""

import sys

if sys.platform != "win32":
    import resource
else:
    import psutil


def peak_memory() -> int:
    """Bytes of memory that this process has had at most."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

"""A TUN device (Linux): IP packets of a network namespace of one's own, for tests that need a path with known properties."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess

NO_DEVICE = 77  # the exit code of a program for which there is no such device here
_TUNSETIFF, _TUN, _NO_HEAD = 0x400454CA, 0x0001, 0x1000  # linux/if_tun.h


def open_device(address: str) -> int:
    """A device `tun0` with this address in a /24; it goes with its file descriptor. Raises OSError or CalledProcessError."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", b"tun0", _TUN | _NO_HEAD))
    subprocess.run(["ip", "addr", "add", f"{address}/24", "dev", "tun0"], check=True)
    subprocess.run(["ip", "link", "set", "tun0", "up"], check=True)
    return device

"""Write datagrams into a capture file: what a wire would have carried, for tools that listen to it.

[pcap] https://ietf-opsawg-wg.github.io/draft-ietf-opsawg-pcap/draft-ietf-opsawg-pcap.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

_MAGIC = 0xA1B2C3D4
_RAW_IP = 101
_LONGEST = 65_535
_SOURCE, _BROADCAST = bytes((192, 0, 2, 1)), bytes((192, 0, 2, 255))  # addresses kept for documentation, RFC 5737
_UDP = 17


def capture(datagrams: Iterable[tuple[float, bytes]], port: int) -> bytes:
    """Return a pcap file of UDP datagrams, each with its moment in seconds since 1970 and its content."""
    parts = [struct.pack("<IHHiIII", _MAGIC, 2, 4, 0, 0, _LONGEST, _RAW_IP)]
    for number, (moment_s, content) in enumerate(datagrams):
        packet = _packet(content, port, number)
        microseconds = round(moment_s * 1e6)
        seconds, rest = divmod(microseconds, 1_000_000)
        parts += [struct.pack("<IIII", seconds, rest, len(packet), len(packet)), packet]
    return b"".join(parts)


def _packet(content: bytes, port: int, number: int) -> bytes:
    """Return content behind a UDP header (no checksum) and an IPv4 header."""
    udp = struct.pack(">HHHH", port, port, 8 + len(content), 0) + content
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number & 0xFFFF, 0, 64, _UDP, 0, _SOURCE, _BROADCAST)
    return head[:10] + struct.pack(">H", _checksum(head)) + head[12:] + udp


def _checksum(head: bytes) -> int:
    """Return the ones' complement sum of 16-bit words (RFC 1071)."""
    total: int = sum(struct.unpack(f">{len(head) // 2}H", head))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF

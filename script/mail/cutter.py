"""In charge of the IMAPS port that can be cut: a small TCP forwarder to the real one. Does not know what it carries.

Off means what an unplugged server looks like: open connections are reset and new ones refused.
"""

import asyncio
import socket
import struct

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER, on, 0 seconds: close() sends RST


class Cutter:
    def __init__(self, port, target):
        self.port, self.target = port, target
        self.server = None
        self.writers = set()

    async def on(self):
        if self.server is None:
            self.server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def off(self):
        if self.server is None:
            return
        self.server.close()
        self.server = None
        for writer in list(self.writers):
            wire = writer.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            writer.transport.abort()

    async def _carry(self, reader, writer):
        self.writers.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(_pour(reader, back), _pour(there, writer))
        except OSError:
            pass
        finally:
            self.writers.discard(writer)
            writer.close()


async def _pour(reader, writer):
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()

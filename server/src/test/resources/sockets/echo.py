"""A WebSocket echo of the standard library alone (RFC 6455). Prints its port, then each request's first line."""
import base64
import hashlib
import socketserver
import struct

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        first = self.rfile.readline().decode().strip()
        headers = {}
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        if headers.get("upgrade", "").lower() != "websocket":
            self.wfile.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
            return
        print(first, headers.get("sec-websocket-protocol", "-"), headers.get("authorization", "-"), flush=True)
        accept = base64.b64encode(hashlib.sha1(headers["sec-websocket-key"].encode() + GUID).digest())
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        while self.frame():
            pass

    def frame(self):
        first, second = self.rfile.read(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self.rfile.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.rfile.read(8))
        mask = self.rfile.read(4)
        payload = bytes(octet ^ mask[i % 4] for i, octet in enumerate(self.rfile.read(length)))
        opcode = 10 if first & 15 == 9 else first & 15
        head = struct.pack("!B", first & 0xF0 | opcode)
        if length < 126:
            head += struct.pack("!B", length)
        else:
            head += struct.pack("!BH", 126, length) if length < 65536 else struct.pack("!BQ", 127, length)
        self.wfile.write(head + payload)
        return opcode != 8


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


with Server(("127.0.0.1", 0), Echo) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()

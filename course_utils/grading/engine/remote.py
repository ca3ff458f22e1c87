from typing import Any
class Server:
    def __init__(self, ns: dict[str, Any]) -> None:
        self.ns = ns
    def answer(self, request: bytes) -> bytes:
        return b""

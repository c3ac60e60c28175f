"""Whether the server in this container answers: its liveness call tells nobody anything. Standard library alone.

It asks on loopback, first under TLS. The certificate is not looked at: it names whom those ask who come from outside.
"""

from __future__ import annotations

import ssl
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection

PORT = 8100


def answers(connection: HTTPConnection) -> bool:
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def main(port: int = PORT) -> int:
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    tries = (
        HTTPSConnection("127.0.0.1", port, timeout=2, context=unchecked),
        HTTPConnection("127.0.0.1", port, timeout=2),
    )
    return 0 if any(map(answers, tries)) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

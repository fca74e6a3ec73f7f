"""HEALTHCHECK of the image, without curl: exit code 0 when the API on port 8000 of this container is ready.

Readiness, not liveness: who waits for "healthy" (the proxy, a rolling update) must get an API that can answer.
"""

import http.client
import os
import sys


def main() -> int:
    """Ask as a client of the first of ALLOWED_HOSTS would; anything else is answered 400."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    host = host.removeprefix(".").replace("*", "localhost")
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/api/v1/health/ready", headers={"Host": host})
        return int(connection.getresponse().status != http.HTTPStatus.OK)
    except OSError as error:
        sys.stderr.write(f"The API does not answer ({type(error).__name__}).\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())

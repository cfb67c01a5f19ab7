"""Ends with 0 when the local AWS has all that it is seeded with."""

import urllib.request

urllib.request.urlopen("http://127.0.0.1:4566/local/health", timeout=4)

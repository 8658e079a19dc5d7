# -*- test-case-name: lbproxy.test.http -*-
"""
What HTTP says: heads, body framing and generated answers, without input and output.
"""

from lbproxy.http.answers import BARE_OK, Answers, answer
from lbproxy.http.body import ChunkedBody
from lbproxy.http.cache import HeadCache
from lbproxy.http.errors import BadMessage
from lbproxy.http.framing import BODY_CHUNKED, BODY_LENGTH, BODY_UNTIL_CLOSE, NO_BODY
from lbproxy.http.hop import HOP_CLOSE, HOP_KEEPALIVE, HOP_STRIP, HOP_UPGRADE
from lbproxy.http.limits import Limits
from lbproxy.http.request import RequestHead, parseRequest
from lbproxy.http.response import ResponseHead, parseResponse

__all__ = [
    "BARE_OK",
    "BODY_CHUNKED",
    "BODY_LENGTH",
    "BODY_UNTIL_CLOSE",
    "HOP_CLOSE",
    "HOP_KEEPALIVE",
    "HOP_STRIP",
    "HOP_UPGRADE",
    "NO_BODY",
    "Answers",
    "BadMessage",
    "ChunkedBody",
    "HeadCache",
    "Limits",
    "RequestHead",
    "ResponseHead",
    "answer",
    "parseRequest",
    "parseResponse",
]

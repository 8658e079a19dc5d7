# -*- test-case-name: lbproxy.test.http -*-
"""
What HTTP says: heads, body framing, rewriting, cookies and generated answers, without input and output.
"""

from lbproxy.http.answers import BARE_OK, Answers, answer
from lbproxy.http.body import ChunkedBody
from lbproxy.http.cache import HeadCache, HeadNotes
from lbproxy.http.cacheability import cacheability
from lbproxy.http.captures import HeaderCaptures
from lbproxy.http.cookies import RequestCookieReading, RequestCookies
from lbproxy.http.errors import BadMessage
from lbproxy.http.framing import BODY_CHUNKED, BODY_LENGTH, BODY_UNTIL_CLOSE, NO_BODY, hasMeaning
from lbproxy.http.hop import HOP_CLOSE, HOP_KEEPALIVE, HOP_STRIP, HOP_UPGRADE
from lbproxy.http.limits import Limits
from lbproxy.http.redirects import Redirect, locationPage, serverRedirect
from lbproxy.http.request import RequestHead, parseRequest
from lbproxy.http.response import ResponseHead, parseResponse
from lbproxy.http.rewriting import RequestRules, ResponseRules, Rewritten
from lbproxy.http.sessionuri import sessionInUri
from lbproxy.http.setcookies import ResponseCookieReading, ResponseCookies, insertedLine

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
    "HeadNotes",
    "HeaderCaptures",
    "Limits",
    "Redirect",
    "RequestCookieReading",
    "RequestCookies",
    "RequestHead",
    "RequestRules",
    "ResponseCookieReading",
    "ResponseCookies",
    "ResponseHead",
    "ResponseRules",
    "Rewritten",
    "answer",
    "cacheability",
    "hasMeaning",
    "insertedLine",
    "locationPage",
    "parseRequest",
    "parseResponse",
    "serverRedirect",
    "sessionInUri",
]

# -*- test-case-name: lbproxy.test.acl.test_responses -*-
"""
Tests for L{lbproxy.acl.responses} and the criteria on response headers.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.acl.support import FakeExchange, FakeHead, holds


class ResponseTests(SynchronousTestCase):
    """
    Criteria on a response (ACL-25).
    """

    def test_table(self):
        """
        Status, version and headers are seen when there is a response; before that nothing matches (ACL-27).
        """
        response = FakeHead(version=b"HTTP/1.1", headers=[(b"via", b"a, b"), (b"content-length", b"12")])
        response.status = 404
        for line, matched in (
            ("status 404", True), ("status 400:499", True), ("status lt 400", False), ("resp_ver 1.1", True),
            ("resp_ver 1.0", False), ("shdr(via) b", True), ("shdr_beg(via) b", True), ("shdr_cnt(via) 2", True),
            ("shdr_val(content-length) gt 10", True), ("shdr_sub(via) c", False), ("shdr(none) x", False),
            ("shdr_reg(via) ^[ab]$", True), ("shdr_end(via) a", True), ("shdr_dir(via) a", True), ("shdr_dom(via) a", True),
        ):
            self.assertEqual(holds(line, FakeExchange(response=response)), matched, line)
            self.assertFalse(holds(line, FakeExchange(FakeHead())), line)

# -*- test-case-name: lbproxy.test.observe.test_escapes -*-
"""
Tests of L{lbproxy.observe.escapes}.
"""

from twisted.trial import unittest

from lbproxy.observe.escapes import PLAIN, encodeCaptures, encodeLine


class EscapeTests(unittest.SynchronousTestCase):
    """
    What cannot be shown in a line becomes a code (LOG-20).
    """

    def test_everyByte(self):
        """
        Codes stand for bytes below 32 and above 126, C{#} and the double quote; everything else is itself.
        """
        for code in range(256):
            special = code < 32 or code > 126 or code in b'#"'
            self.assertEqual(encodeLine(chr(code)), "#%02X" % code if special else chr(code))
            self.assertEqual(code not in PLAIN, special)

    def test_everyCapturedByte(self):
        """
        In a capture, braces and bars have codes as well.
        """
        for code in range(256):
            special = code < 32 or code > 126 or code in b'#"{|}'
            self.assertEqual(encodeCaptures([bytes([code])]), "{#%02X}" % code if special else "{%c}" % code)

    def test_captures(self):
        """
        Values stand between bars, missing ones are empty (LOG-19).
        """
        for values, text in [
            ([b"www", b"Mozi", None], "{www|Mozi|}"), ([None, None, None], "{||}"), ([b""], "{}"),
            ((b"a|b", b"{x}"), "{a#7Cb|#7Bx#7D}"),
        ]:
            self.assertEqual(encodeCaptures(values), text)

# -*- test-case-name: lbproxy.test.session.test_states -*-
"""
Tests for L{lbproxy.session.states}.
"""

import os

from twisted.trial import unittest

import lbproxy
from lbproxy.session.link import TABLE, Link
from lbproxy.session.states import CLO, EVENTS, STATES, TRANSITIONS, WIDTH, drawTable

#: The arrows of reference 7; the transient self-arrow of TAR is the turn-around's end.
ARROWS = set("""
INI-REQ INI-CLO REQ-ASS REQ-QUE REQ-CLO QUE-ASS QUE-REQ QUE-CLO ASS-CON ASS-EST CON-EST CON-CER CON-DIS CER-TAR CER-ASS
CER-REQ CER-CLO ASS-CLO TAR-ASS TAR-REQ TAR-CLO TAR-TAR EST-DIS EST-CON DIS-CLO CLO-CLO
""".split())


class TableTests(unittest.TestCase):
    """
    The connection state machine as data.
    """

    def test_arrows(self):
        """
        Every arrow is one of the reference, or one that keep-alive needs (a reused connection: ASS-EST, EST-CON).
        """
        found = {"%s-%s" % (STATES[state], STATES[following]) for (state, _), (_, following) in TRANSITIONS.items()}
        self.assertEqual(found, ARROWS)

    def test_events(self):
        """
        Every event is used, and every action exists.
        """
        self.assertEqual({EVENTS[event] for _, event in TRANSITIONS}, set(EVENTS))
        for action, _ in TRANSITIONS.values():
            if action is not None:
                self.assertTrue(callable(getattr(Link, action)), action)

    def test_compiled(self):
        """
        The compiled table has what was written, and nothing for any other pair.
        """
        self.assertEqual(sum(entry is not None for entry in TABLE), len(TRANSITIONS))
        for (state, event), (_, following) in TRANSITIONS.items():
            self.assertEqual(TABLE[state * WIDTH + event][1], following)

    def test_endAlwaysPossible(self):
        """
        A session may end in every state that survives a processing pass.
        """
        for name in ("INI", "QUE", "TAR", "CON", "EST", "CLO"):
            self.assertIn((STATES.index(name), EVENTS.index("ENDED")), TRANSITIONS)
        self.assertEqual(STATES[CLO], "CLO")

    def test_drawing(self):
        """
        The drawing in the documentation is this table's.
        """
        path = os.path.join(os.path.dirname(os.path.dirname(lbproxy.__file__)), "docs", "machines", "link.dot")
        if not os.path.exists(os.path.dirname(path)):
            raise unittest.SkipTest("installed without the documentation")
        with open(path) as drawing:
            self.assertEqual(drawing.read(), drawTable(), "write drawTable() to docs/machines/link.dot")

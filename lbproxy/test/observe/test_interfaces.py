# -*- test-case-name: lbproxy.test.observe.test_interfaces -*-
"""
Tests of L{lbproxy.interfaces}.
"""

from twisted.trial import unittest
from zope.interface.verify import verifyObject

from lbproxy.interfaces import IBalancer, ILogRecord, IProxyView, ISession
from lbproxy.observe.commands import standardCommands
from lbproxy.observe.console import ConsoleFactory
from lbproxy.test.observe.samples import House, Record, back, front


class InterfaceTests(unittest.SynchronousTestCase):
    """
    What the tests of this room show is what the interfaces ask for.
    """

    def test_samples(self):
        """
        The stand-ins have every attribute and method.
        """
        house = House(front(), back())
        for interface, thing in [
            (IBalancer, house), (IProxyView, house.proxies[0]), (IProxyView, house.proxies[1]),
            (ISession, house.open()), (ILogRecord, Record()),
        ]:
            self.assertTrue(verifyObject(interface, thing))

    def test_console(self):
        """
        A console connection is a session.
        """
        house = House(front())
        factory = ConsoleFactory(house, house.clock, standardCommands())
        self.assertTrue(verifyObject(ISession, factory.buildProtocol(None)))

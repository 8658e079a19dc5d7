# -*- test-case-name: lbproxy.test.config.test_units -*-
"""
Tests for L{lbproxy.config.units}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config.units import parseDuration, parseNumber, parseSize


class DurationTests(SynchronousTestCase):
    """
    Durations (CFG-09).
    """

    def test_values(self):
        """
        Every unit is understood, milliseconds are the default, and fractions of them round up.
        """
        for text, seconds in (
            ("0", 0.0),
            ("1", 0.001),
            ("250", 0.25),
            ("1us", 0.001),
            ("1500us", 0.002),
            ("2000us", 0.002),
            ("0us", 0.0),
            ("700ms", 0.7),
            ("3s", 3.0),
            ("5m", 300.0),
            ("2h", 7200.0),
            ("1d", 86400.0),
        ):
            self.assertEqual(parseDuration(text), seconds, text)

    def test_defaultUnit(self):
        """
        A keyword may have another default unit; a written one wins.
        """
        self.assertEqual(parseDuration("5", "s"), 5.0)
        self.assertEqual(parseDuration("5ms", "s"), 0.005)

    def test_refusals(self):
        """
        What is not a duration is refused with the part that is wrong.
        """
        for text, part in (
            ("", "'' is not a duration"),
            ("abc", "'abc' is not a duration"),
            ("-1s", "'-1s' is not a duration"),
            ("10x", "unknown time unit 'x'"),
            ("10 s", "unknown time unit ' '"),
            ("1.5s", "unknown time unit '.'"),
            ("10sx", "unexpected 'x'"),
            ("10mss", "unexpected 's'"),
            ("9" * 16, "too large"),
        ):
            error = self.assertRaises(ValueError, parseDuration, text)
            self.assertIn(part, str(error))


class SizeTests(SynchronousTestCase):
    """
    Sizes.
    """

    def test_values(self):
        """
        Sizes are bytes or powers of 1024.
        """
        for text, size in (("0", 0), ("16384", 16384), ("16k", 16384), ("1M", 1048576), ("1g", 1073741824)):
            self.assertEqual(parseSize(text), size)

    def test_refusals(self):
        """
        Anything else is refused.
        """
        for text in ("", "k", "-1", "1kb", "1.5k"):
            self.assertRaises(ValueError, parseSize, text)


class NumberTests(SynchronousTestCase):
    """
    Whole numbers.
    """

    def test_bounds(self):
        """
        The bounds themselves are allowed, their neighbours are not.
        """
        for value in (1, 256):
            self.assertEqual(parseNumber(str(value), 1, 256), value)
        for value in (0, 257):
            error = self.assertRaises(ValueError, parseNumber, str(value), 1, 256)
            self.assertIn("from 1 to 256", str(error))

    def test_notNumbers(self):
        """
        Text that is not a whole number is refused, quoted.
        """
        for text in ("", "x", "1x", "1.0", "0x10", "\u0661"):
            error = self.assertRaises(ValueError, parseNumber, text)
            self.assertIn("'%s'" % (text,), str(error))

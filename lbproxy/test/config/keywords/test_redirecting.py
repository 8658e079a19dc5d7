# -*- test-case-name: lbproxy.test.config.keywords.test_redirecting -*-
"""
Tests for L{lbproxy.config.keywords.redirecting}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import Condition, RedirectRule, Term
from lbproxy.test.config.support import found, inProxies, problems, proxies

CONDITION = Condition(((Term("a"),),))


class RedirectTests(SynchronousTestCase):
    """
    C{redirect} (SWI-10 to SWI-15).
    """

    def test_words(self):
        """
        The words before the condition come in any order; of several cookies the last one counts.
        """
        for words, expected in (
            ("location /x", ("location", b"/x")),
            ("prefix http://x code 301", ("prefix", b"http://x", 301)),
            ("code 303 prefix /", ("prefix", b"/", 303)),
            ("prefix / drop-query", ("prefix", b"/", 302, True)),
            ("location / set-cookie S", ("location", b"/", 302, False, b"S")),
            ("location / set-cookie S=1 clear-cookie T=", ("location", b"/", 302, False, b"T=; Max-Age=0")),
            ("location / clear-cookie T set-cookie S=1", ("location", b"/", 302, False, b"S=1")),
            ("location / set-cookie S=1 clear-cookie T set-cookie U", ("location", b"/", 302, False, b"U")),
        ):
            rule = RedirectRule(expected[0], expected[1], CONDITION, *expected[2:])
            self.assertEqual(proxies("redirect %s if a" % (words,))[0].redirectRules, (rule,), words)
            self.assertEqual(proxies("", "redirect %s if a" % (words,))[1].redirectRules, (rule,), words)

    def test_condition(self):
        """
        Each rule has a condition of its own (ACL-29).
        """
        rules = proxies("redirect prefix /a unless a\nredirect prefix /b if { path / } or b")[0].redirectRules
        self.assertEqual([(rule.condition.unless, len(rule.condition.groups)) for rule in rules], [(True, 1), (False, 2)])

    def test_refusals(self):
        """
        What is missing or wrong is refused where it stands.
        """
        for words, problem in (
            ("", "10:5: frontend 'web': 'redirect': needs 'location TO' or 'prefix TO'"),
            ("prefix / ", "10:5: frontend 'web': 'redirect': needs a condition; add 'if NAME...' or 'unless NAME...'"),
            ("prefix if a", "10:14: frontend 'web': 'redirect': 'prefix' needs a value"),
            ("prefix / location / if a", "10:32: frontend 'web': 'redirect': 'location' and 'prefix' exclude each other"),
            ("prefix / code 307 if a", "10:28: frontend 'web': 'redirect': code 307 is not one of 301, 302, 303"),
            ("prefix / code x if a", "10:28: frontend 'web': 'redirect': 'x' is not a whole number"),
            ("prefx / if a", "10:14: frontend 'web': 'redirect': unknown word 'prefx'; did you mean 'prefix'?"),
            ("location /\\r\\nX:y if a", "10:23: frontend 'web': 'redirect': a location cannot have a control character "
             "(\\x0d)"),
            ("location /a\\ b if a", "10:23: frontend 'web': 'redirect': a location cannot have the character ' '"),
            ("location / set-cookie a\\nb if a", "10:36: frontend 'web': 'redirect': a cookie cannot have a control "
             "character (\\x0a)"),
        ):
            self.assertEqual(found("redirect " + words), ["lb.cfg:" + problem])

    def test_defaults(self):
        """
        It cannot stand in C{defaults} (CFG-07).
        """
        self.assertIn("is not allowed in a 'defaults' section",
                      problems("defaults\n redirect prefix / if a\n" + inProxies())[0])

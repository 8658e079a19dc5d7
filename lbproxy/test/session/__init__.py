"""Tests of C{lbproxy.session}."""

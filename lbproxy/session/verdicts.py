# -*- test-case-name: lbproxy.test.session.test_analysers -*-
"""
What an analyser answers when it is asked about an exchange.
"""

#: Go on with the next analyser.
CONTINUE = 0
#: Ask again when more data came, or at the exchange's C{analysisDeadline}.
WAIT = 1
#: The exchange has its answer: C{exchange.answer} is C{(status, cause, phase)}, or that and the complete bytes of the answer
#: as a fourth; C{isLogged} is respected.
RESPOND = 2
#: End the session without an answer.
CLOSE = 3

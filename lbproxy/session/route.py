# -*- test-case-name: lbproxy.test.session.test_route -*-
"""
What a frontend and a backend settle together, once for both instead of once for each request.
"""

from lbproxy.http import HOP_CLOSE, HOP_STRIP, HOP_UPGRADE


class Route:
    """
    @ivar backend: the L{Backend<lbproxy.session.backend.Backend>}.
    @ivar analysers: run for each request given to the backend, in order; C{responseAnalysers} for each response.
    @ivar closes: C{option httpclose} or C{forceclose} on either side (HTP-10).
    @ivar forces: C{option forceclose} on the backend (HTP-11).
    @ivar hop: treatment of Connection in requests.
    @ivar mayReuse: whether pooled server connections serve it.
    """

    __slots__ = ("backend", "analysers", "responseAnalysers", "closes", "forces", "hop", "mayReuse", "answers")

    def __init__(self, frontend, backend, analysers, answers, responseAnalysers=()):
        """
        @param answers: custom pages of the backend, then those of the frontend (ERR-04).
        """
        front, back = frontend.config, backend.config
        self.backend = backend
        self.analysers = analysers
        self.responseAnalysers = responseAnalysers
        self.closes = front.httpClose or back.httpClose or front.forceClose or back.forceClose
        self.forces = back.forceClose or front.forceClose
        self.hop = HOP_CLOSE if self.closes else HOP_STRIP
        self.mayReuse = not self.closes
        self.answers = answers

    def hopFor(self, request):
        """
        @return: the treatment of Connection for C{request}.
        """
        return HOP_UPGRADE if request.upgrade and not self.closes else self.hop

# -*- test-case-name: lbproxy.test.test_command -*-
"""
C{python -m lbproxy} is the C{lbproxy} command.
"""

import sys

from lbproxy.command import main

if __name__ == "__main__":
    sys.exit(main())

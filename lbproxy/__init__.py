"""
lbproxy: a TCP and HTTP load balancer.
"""

__version__ = "0.1.0"

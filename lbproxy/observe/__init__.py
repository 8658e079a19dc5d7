"""lbproxy.observe"""

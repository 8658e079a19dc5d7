"""lbproxy.http"""

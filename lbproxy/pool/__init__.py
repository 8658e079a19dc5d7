"""lbproxy.pool"""

"""lbproxy.net"""

"""lbproxy.session"""

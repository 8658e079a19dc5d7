"""lbproxy.acl"""

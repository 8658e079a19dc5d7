"""lbproxy.test"""

# -*- test-case-name: lbproxy.test.config.test_convert -*-
"""
Configurations of the classic language with everything that is hard to say in another one.
"""

from textwrap import dedent

FILES = {
    "e503": b"HTTP/1.0 503 Sorry\r\n\r\n",
    "e400": b"HTTP/1.0 400 No\r\n\r\n",
}

TIMEOUTS = "defaults\n    mode http\n    timeout client 3s\n    timeout connect 3s\n    timeout server 3s\n"


def behind(text):
    """
    A text behind complete C{defaults}, which its first lines may continue.
    """
    return TIMEOUTS + dedent(text).lstrip("\n")


CORPUS = {
    "one of everything": r"""
        global
            daemon
            maxconn 4000
            log 127.0.0.1:514 local0 info
            log /dev/log local1
            stats socket /run/lb.sock mode 600 user www
            stats timeout 5s
        defaults
            mode http
            log global
            option httplog
            option redispatch
            no option httpclose
            option forwardfor except 127.0.0.0/8
            timeout connect 4s
            timeout client 30s
            timeout server 30s
            errorfile 503 e503
        frontend www
            bind *:8080
            bind :8081-8083,[::1]:8084
            acl static path_beg /static/
            acl static path_end .png .css
            acl inside src 10.0.0.0/8
            capture request header Host len 20
            capture response header Server len 10
            capture cookie SID len 8
            monitor-uri /alive
            monitor fail if inside
            use_backend assets if static !inside
            use_backend assets unless METH_GET
            default_backend app
        backend assets
            no option redispatch
            server img1 10.0.1.1:80
        backend app
            balance url_param user check_post 20
            cookie SRV insert indirect nocache
            option httpchk
            redirect prefix / code 301 if { path_beg /login }
            server app1 10.0.0.11:8080 cookie a weight 10 check inter 2s backup
            server app2 app.example:8080 cookie b
        """,
    "mixed order": behind("""
        frontend a
            bind :80
            default_backend b
        backend b
            server s 10.0.0.1:80
        listen c
            bind :81
            server s 10.0.0.1:80
        backend d
            server s 10.0.0.1:80
        """),
    "several defaults": behind("""
            retries 1
        listen a
            bind :80
            server s 10.0.0.1:80
        defaults second
            mode tcp
            timeout client 1s
            timeout connect 1s
            timeout server 1s
        defaults
        defaults
            mode http
            timeout client 5s
            timeout connect 5s
            timeout server 5s
        listen b
            bind :81
            server s 10.0.0.1:80
        """),
    "defaults behind their first proxy": "listen a\n bind :80\n mode tcp\n server s 10.0.0.1:80\n" + TIMEOUTS
    + "listen b\n bind :81\n server s 10.0.0.1:80\n",
    "several globals": """
        global
            maxconn 5
        defaults
            log global
        global
            log 10.0.0.1 local0
            maxconn 6
        listen a
            bind :80
            server s 10.0.0.1:80
        """,
    "frontend and backend of one name": behind("""
        frontend web
            bind :80
            default_backend web
        backend web
            server web 10.0.0.1:80
        """),
    "twins": behind("""
        listen web
            bind :80
            server s 10.0.0.1:80
        listen web
            bind :81
            server s 10.0.0.2:80
        """),
    "names": behind("""
        frontend yes
            bind :80
            acl null path /
            acl 1.5 path /
            acl no path yes
            use_backend 123 if null
            use_backend a:b if 1.5 or no
            default_backend 0x1F
        backend 123
            server true 10.0.0.1:80
        backend a:b
            server 0o17 10.0.0.1:80
            server 2001-01-01 10.0.0.1:80
        backend 0x1F
            server - 10.0.0.1:80
            server 1e3 10.0.0.1:80
        """),
    "addresses in the first line": behind("""
        listen web 10.0.0.1:80,:81
            bind :82
            server s 10.0.0.1:80
        frontend other :90
            default_backend app
        backend app
            server s 10.0.0.1:80
        """),
    "escapes": behind(r"""
        listen web
            bind :80
            reqrep ^([^\ :]*)\ /static/(.*)     \1\ /\2
            reqirep ^Host:\ (.*)\.example\.com$ Host:\ \1.example.org
            reqdel ^X-\x23\#\\d\\\\x41\x5cn\\\\d
            reqadd X-Quotes:\ "it's"\ 'so'
            reqadd X-Hash:\ \#1:\ a,\ [b]\ {c}\ &d\ *e\ !f\ %g\ @h\ `i
            reqadd X-Tab:\ttab
            reqdel ^Caf\xe9:\ \xff\xc3\xa9
            reqdel é\xa0\xc2\x85\xe2\x80\xa8\xef\xbb\xbf😀
            rsprep ^A:\t\ b X:-
            server s 10.0.0.1:80
        """),
    "rules in order": behind(r"""
        listen web
            bind :80
            reqdel ^X-
            reqadd X-One:\ 1
            reqirep ^(x-.*) \1
            reqdel ^Y-
            reqadd X-Two:\ 2
            redirect location / if { path /a }
            block if { path /b }
            redirect location / if { path /c }
            server s 10.0.0.1:80
        """),
    "names that do not stand together": behind("""
        frontend web
            bind :80
            acl a path /1
            acl b path /2
            acl a path /3
            use_backend x if a
            use_backend y if b
            use_backend x if TRUE
        backend x
            server s 10.0.0.1:80
        backend y
            server s 10.0.0.1:80
        """),
    "written twice": behind("""
            timeout client 4s
            retries 1
            retries 2
            errorfile 503 e503
            errorloc 503 /sorry
            errorloc303 400 /bad
            errorfile 400 e400
        listen web
            bind :80
            option httplog
            option tcplog
            option httplog
            redispatch
            no option redispatch
            disabled
            enabled
            timeout appsession 5s
            appsession SID len 10 timeout 3h
            timeout appsession 7s
            appsession SID len 10
            server s 10.0.0.1:80
        """),
    "misplaced": behind("""
            capture cookie x len 5
        backend web
            maxconn 5
            monitor-uri /x
            server s 10.0.0.1:80
        """),
    "nothing in it": """
        global
        defaults
        backend web
        """,
}

COMMENTED = """\
# A site.

# Of ours.
global # the machine
    maxconn 10 # not many
    # The log.
    log 127.0.0.1 local0

defaults
    # Patience.
    timeout connect 4s
    timeout client 30s   # people
    # Servers are slow.
    timeout server 30s

# The door.
frontend www
    bind :80
    acl a path /\\#1
    # Another one.
    acl a path /2 # two
    option dontlognull
    no option httpclose   # keep
    default_backend app
    # Nothing else.

#backend old
#    server s 10.0.0.9:80

backend app
    reqdel ^A
    # Then:
    reqidel ^b # b
    server s1 10.0.0.1:80
    #server s2 10.0.0.2:80
    server s3 10.0.0.3:80 # caf\udce9 \t!
    # The end.
"""

COMMENTED_YAML = """\
# A site.

# Of ours.
global:  # the machine
  maxconn: 10  # not many
  # The log.
  log: 127.0.0.1 local0

defaults:
  # Patience.
  timeout:
    connect: 4s
    client: 30s  # people
    # Servers are slow.
    server: 30s

frontends:
  # The door.
  www:
    bind: ":80"
    acl:
      a:
        - path /#1
        # Another one.
        - path /2  # two
    option:
      - dontlognull
      - {httpclose: false}  # keep
    default_backend: app
    # Nothing else.

backends:
  #backend old
  #    server s 10.0.0.9:80
  app:
    rules:
      - reqdel: ^A
      # Then:
      - reqidel: ^b  # b
    servers:
      s1: 10.0.0.1:80
      #server s2 10.0.0.2:80
      s3: 10.0.0.3:80  # caf\ufffd  !
    # The end.
"""

# -*- test-case-name: lbproxy.test.test_demo -*-
"""
What the demonstration servers show a browser.

The icon is part of the page: a browser that asked for C{/favicon.ico} after each page would take every second turn of
the round robin, and one server would get all the pages.
"""

import json
from html import escape

#: Path of the page.
INDEX = b"/"

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{refresh}<title>{name} · lbproxy</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E\
%3Ccircle cx='4' cy='4' r='4' fill='{icon}'/%3E%3C/svg%3E">
<style>
*{{box-sizing:border-box}}
body{{margin:0;min-height:100vh;display:grid;place-items:center;background:#f4f4f5;color:#18181b;
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}}
main{{width:min(38rem,calc(100vw - 2rem));margin:2rem 0;background:#fff;border-radius:14px;overflow:hidden;
box-shadow:0 1px 2px #0002,0 12px 32px #0001}}
header{{background:{colour};color:#fff;padding:1.6rem 2rem}}
header p{{margin:0;opacity:.85}}
h1{{margin:0;font-size:2.6rem;line-height:1.15;letter-spacing:-.02em}}
section{{padding:1.4rem 2rem;border-top:1px solid #e4e4e7}}
h2{{margin:0 0 .6rem;font-size:1rem}}
dl{{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1rem;margin:0}}
dt{{color:#52525b;font-size:.85rem}}
dd{{margin:0;font-weight:600;font-variant-numeric:tabular-nums}}
form{{display:inline}}
button,.button{{display:inline-block;font:inherit;font-size:.95rem;padding:.45rem .9rem;margin:0 .4rem .4rem 0;
border:1px solid #d4d4d8;border-radius:8px;background:#fff;color:#18181b;text-decoration:none;cursor:pointer}}
button:hover,.button:hover{{background:#f4f4f5}}
button.stop{{border-color:#fca5a5;color:#b91c1c}}
button.go{{border-color:{colour};color:{colour}}}
button:focus-visible,.button:focus-visible{{outline:3px solid #f59e0b;outline-offset:1px}}
#strip{{min-height:22px;margin-top:.5rem;line-height:0}}
#strip i{{display:inline-block;width:16px;height:16px;margin:3px;border-radius:50%}}
code{{background:#f4f4f5;padding:.1rem .35rem;border-radius:5px;font-size:.88rem;overflow-wrap:anywhere}}
small{{color:#52525b}}
</style>
</head>
<body>
<main>
<header><p>this page comes from</p><h1>{name}</h1><p>through lbproxy on 127.0.0.1:{balancer}</p></header>
<section>
<dl>
<div><dt>its own address</dt><dd>127.0.0.1:{port}</dd></div>
<div><dt>answers so far</dt><dd>{served}</dd></div>
<div><dt>demo running for</dt><dd>{age}</dd></div>
</dl>
</section>
<section>
<h2>Who answers?</h2>
<a class="button" href="{base}/">Ask again</a>{toggle}<button id="many">Ask 20 times</button>
<div id="strip" role="status" aria-live="polite" aria-label="answers, one dot each"></div>
</section>
<section>
<h2>Take a server away</h2>
{controls}
<br><small>Its port closes. A request that meets the closed port waits a second and is given to the other
server (redispatch); after two failed checks, one a second, it gets none any more. Both stopped: a 503
until they come back by themselves in 10 seconds.</small>
</section>
</main>
<script>
document.getElementById("many").onclick = async function () {{
  var strip = document.getElementById("strip");
  strip.textContent = "";
  this.disabled = true;
  for (var n = 0; n < 20; n++) {{
    var dot = document.createElement("i");
    try {{
      var answer = await fetch("/who", {{cache: "no-store"}});
      if (!answer.ok) throw new Error(answer.status);
      var who = await answer.json();
      dot.style.background = who.colour;
      dot.title = who.name;
    }} catch (error) {{
      dot.style.border = "3px solid #dc2626";
      dot.title = String(error.message);
    }}
    strip.appendChild(dot);
    await new Promise(function (done) {{ setTimeout(done, 100); }});
  }}
  this.disabled = false;
}};
</script>
</body>
</html>
"""


def _button(origin, action, kind, text):
    address = "http://127.0.0.1:%d/%s" % (origin.port, action)
    return '<form method="post" action="%s"><button class="%s">%s</button></form>' % (
        escape(address), kind, escape(text)
    )


def _controls(origin, others):
    found = [_button(origin, "stop", "stop", "Stop " + origin.name)]
    for other in others:
        if other.listening is None:
            found.append(_button(origin, "start/" + other.name, "go", "Start " + other.name + " again"))
        else:
            found.append(_button(other, "stop", "stop", "Stop " + other.name))
    return "\n".join(found)


def page(origin, others, balancer, age, refresh):
    """
    The page of a server.

    @param origin: the L{Origin<lbproxy.demo.Origin>} that shows it.
    @param others: list of the other ones.
    @param balancer: port of lbproxy.
    @param age: seconds since the demonstration began.
    @param refresh: whether the page loads itself again, every second.
    @return: bytes, UTF-8.
    """
    base = "http://127.0.0.1:%d" % balancer
    other = ("/", "Stop refreshing") if refresh else ("/?refresh", "Refresh every second")
    text = PAGE.format(
        name=escape(origin.name),
        colour=origin.colour,
        icon=origin.colour.replace("#", "%23"),
        port=origin.port,
        served=origin.served,
        age="%d min %d s" % divmod(int(age), 60),
        balancer=balancer,
        base=base,
        refresh='<meta http-equiv="refresh" content="1">\n' if refresh else "",
        toggle='<a class="button" href="%s%s">%s</a>' % (base, other[0], other[1]),
        controls=_controls(origin, others),
    )
    return text.encode("utf-8")


def whoAmI(origin):
    """
    The same for programs.

    @return: bytes, a JSON object with C{name}, C{colour}, C{port} and C{served}.
    """
    found = {"name": origin.name, "colour": origin.colour, "port": origin.port, "served": origin.served}
    return json.dumps(found).encode("ascii") + b"\n"


__all__ = ["INDEX", "page", "whoAmI"]

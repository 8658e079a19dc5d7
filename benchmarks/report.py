"""
The tables: medians of the rounds, and medians of the ratios within each round.
"""

import statistics

from proxies import BASE

#: Further columns: title, key, format.
_REQUESTS = [("req/s", "perSecond", "%.0f"), ("p50 ms", "p50", "%.2f"), ("p99 ms", "p99", "%.2f")]
_LOGGED = [*_REQUESTS, ("lines/request", "logsPerRequest", "%.2f")]
_COLUMNS = {
    "logs": _LOGGED,
    "full": _LOGGED,
    "full-varied": _LOGGED,
    "bulk-tcp": [("GiB/s", "gibPerSecond", "%.2f")],
    "bulk-http": [("GiB/s", "gibPerSecond", "%.2f")],
    "memory": [("before the first request", "beforeFirst", "%.2f"), ("base RSS MiB", "baseMiB", "%.0f")],
}


def _number(value):
    if value is None:
        return "-"
    return "%.3g" % value if value < 100 else "%.0f" % value


def _row(cells):
    return "| " + " | ".join(cells) + " |"


def spread(ratios):
    """
    How far the middle of some ratios may be off: the standard error of their mean.

    @return: float, C{nan} for a single ratio.
    """
    return statistics.stdev(ratios) / len(ratios) ** 0.5 if len(ratios) > 1 else float("nan")


def _direction(ratios):
    count = len(ratios)
    if count < 5:
        return "too few rounds to tell"
    if max(ratios) < 1:
        return "less in all %d rounds" % count
    if min(ratios) > 1:
        return "**more in all %d rounds**" % count
    return "no clear difference"


class Report:
    """
    Figures of one run.

    @param results: as L{bench.Bench.results}.
    @param skipped: as L{bench.Bench.skipped}.
    @param names: the proxies, in the order of the columns.
    @param workloads: list of L{workloads.Workload} that ran.
    """

    def __init__(self, results, skipped, names, workloads):
        self._results = results
        self._skipped = skipped
        self._names = [name for name in names if any(found["proxy"] == name for found in results)]
        self._workloads = workloads

    def _of(self, workload, name, key="value"):
        return [
            found[key]
            for found in self._results
            if found["workload"] == workload and found["proxy"] == name and found.get(key) is not None
        ]

    def median(self, workload, name):
        """
        @return: median of the rounds, or C{None} without a figure.
        """
        values = self._of(workload, name)
        return statistics.median(values) if values else None

    def ratios(self, workload, name, reference):
        """
        The ratio within each round: both sides saw the same minute of the machine.

        @return: list of floats, for the rounds in which both have a figure.
        """
        rounds = {}
        for found in self._results:
            if found["workload"] == workload and found.get("value") is not None:
                rounds.setdefault(found["round"], {})[found["proxy"]] = found["value"]
        return [one[name] / one[reference] for one in rounds.values() if name in one and one.get(reference)]

    def ratio(self, workload, name, reference):
        """
        @return: median of L{ratios}, or C{None} without one.
        """
        ratios = self.ratios(workload, name, reference)
        return statistics.median(ratios) if ratios else None

    def summary(self):
        """
        @return: lines of the first table.
        """
        lines = [
            "## Summary", "",
            "Median of the rounds; in brackets the ratio to haproxy (median of the ratios within each round).", "",
            _row(["workload", "unit", *self._names]), "|---|---|" + "---|" * len(self._names),
        ]
        for workload in self._workloads:
            cells = [workload.title, workload.unit]
            for name in self._names:
                value = self.median(workload.name, name)
                ratio = _number(self.ratio(workload.name, name, "haproxy"))
                cells.append("n/a" if value is None else "%s (%s)" % (_number(value), ratio))
            lines.append(_row(cells))
        return lines

    def goals(self):
        """
        @return: lines that compare lbproxy with what it should reach; none when nothing can be compared.
        """
        rows = []
        for workload in self._workloads:
            for name, most in workload.goals.items():
                ratio = self.ratio(workload.name, name, "haproxy")
                if most is not None and ratio is not None:
                    rows.append((workload.title, name, "x haproxy", ratio, most))
            share = self.ratio(workload.name, "lbproxy", "caddy") if workload.name == "keepalive" else None
            if share is not None:
                rows.append((workload.title, "lbproxy", "x caddy", share, 1 / 3))
            size = self.median(workload.name, "lbproxy") if workload.name == "memory" else None
            if size is not None:
                rows.append((workload.title, "lbproxy", "KiB/connection", size, 2.0))
        if not rows:
            return []
        lines = ["", "## Goals", "", _row(["workload", "proxy", "figure", "measured", "at most", ""]), "|---" * 6 + "|"]
        for title, name, figure, value, most in rows:
            kept = "reached" if value <= most else "**missed**"
            lines.append(_row([title, name, figure, "%.2f" % value, "%.2f" % most, kept]))
        return lines

    def changes(self):
        """
        @return: lines that compare with the other checkout; none without one.
        """
        rows = []
        for workload in self._workloads:
            for name in self._names:
                ratios = self.ratios(workload.name, name, name + BASE)
                if ratios:
                    rows.append([
                        workload.title, name, workload.unit, _number(self.median(workload.name, name + BASE)),
                        _number(self.median(workload.name, name)), "%.3f" % statistics.median(ratios),
                        "%.3f to %.3f" % (min(ratios), max(ratios)), "%.3f" % spread(ratios), _direction(ratios),
                    ])
        if not rows:
            return []
        titles = ["workload", "proxy", "unit", "before", "now", "ratio", "min to max", "standard error", ""]
        return [
            "", "## Before and after", "", "Now divided by before, within each round; below 1 is better.", "",
            _row(titles), "|---" * len(titles) + "|", *map(_row, rows),
        ]

    def details(self, workload):
        """
        @return: lines of one workload's table.
        """
        columns = _COLUMNS.get(workload.name, _REQUESTS)
        titles = ["proxy", workload.unit, "min to max", "x haproxy", "x caddy", *[one[0] for one in columns]]
        titles += ["core %", "noise %", "errors"]
        lines = ["", "### %s: %s" % (workload.name, workload.title), "", _row(titles), "|---" * len(titles) + "|"]
        for name in self._names:
            if any(one["workload"] == workload.name and one["proxy"] == name for one in self._results):
                lines.append(self._detail(workload, name, columns))
        for (one, name), reason in self._skipped.items():
            if one == workload.name:
                lines += ["", "%s: %s" % (name, reason)]
        return lines

    def _detail(self, workload, name, columns):
        def middle(key, form):
            values = self._of(workload.name, name, key)
            return form % statistics.median(values) if values else "-"

        values = self._of(workload.name, name)
        errors = sorted(set(filter(None, self._of(workload.name, name, "errors"))))
        return _row([
            name, _number(self.median(workload.name, name)),
            "%s to %s" % (_number(min(values)), _number(max(values))) if values else "-",
            _number(self.ratio(workload.name, name, "haproxy")), _number(self.ratio(workload.name, name, "caddy")),
            *[middle(key, form) for _, key, form in columns],
            middle("corePercent", "%.0f"), middle("noisePercent", "%.0f"), "; ".join(errors)[:120] or "-",
        ])

    def text(self):
        """
        @return: everything, Markdown.
        """
        lines = self.summary() + self.goals() + self.changes()
        for workload in self._workloads:
            lines += self.details(workload)
        return "\n".join(lines) + "\n"

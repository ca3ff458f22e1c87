"""Shows, at the end of a run, how many of the wrong answers were found."""

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = terminalreporter.stats
    lines = [
        text
        for report in [*reports.get("passed", []), *reports.get("failed", [])]
        for name, text in report.user_properties
        if name == "kill rate" and report.when == "call"
    ]
    if lines:
        terminalreporter.section("kill rate")
        for line in lines:
            terminalreporter.write_line(line)

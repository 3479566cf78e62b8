"""What the page of a force, a region or England and Wales shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.release.cells import ANY_RISK
from pipelines.release.places import NATIONAL
from pipelines.report import pages
from pipelines.report.challenge import challenge_figure, challenge_panel
from pipelines.report.figure import Figure
from pipelines.report.findings import Change
from pipelines.report.funnel import funnel_figure
from pipelines.report.habits import habit_figure, habits_over_time
from pipelines.report.names import Force
from pipelines.report.pages import TIME_OF_WEEK, Content
from pipelines.report.people import bands_figure, people_figure
from pipelines.report.trends import trend_figure
from pipelines.report.week import week_figure


def force_page(content: Content, force: Force) -> dict[str, Any]:
    """What ``force.html.j2`` shows of ``force``; ``figures`` are all its charts."""
    national = force.code == NATIONAL
    panels = [pages.panel(content, force.code, c) for c in content.categories.values()]
    trends = [trend_figure(content, force.code, panel) for panel in panels]
    panel = challenge_panel(content, force.code)
    challenge = challenge_figure(content, force.code, panel)
    by_habit = {panel.code: panel for panel in pages.habit_panels(content, force.code)}
    month = next((panel.period for panel in by_habit.values()), None)
    week = week_figure(content, force.code, month) if month else None
    habits = [habit_figure(panel) for code, panel in by_habit.items() if code != TIME_OF_WEEK]
    over_time = habits_over_time(content, force.code)
    people = (people_figure(content, force.code), bands_figure(content) if national else None)
    funnel = funnel_figure(content, content.categories[ANY_RISK]) if national else None
    drawn = (*trends, challenge, *habits, week, *over_time, *people, funnel)
    return {
        "force": force,
        "panels": [p for p in panels if p.finding.change is not Change.NONE],
        "empty": [p for p in panels if p.finding.change is Change.NONE],
        "trends": present(trends),
        "trainings": content.trainings_of(force.code),
        "challenge": challenge,
        "unchallenged": panel.sentence,
        "habits": habits,
        "week": week,
        "over_time": over_time,
        "people": present(people),
        "funnel": funnel,
        "here": pages.latest_denominator(content, force.code),
        "impact": pages.impact(content, force.code),
        "figures": present(drawn),
    }


def present(figures: Iterable[Figure | None]) -> list[Figure]:
    """Those that there are."""
    return [figure for figure in figures if figure is not None]

"""What each PDF of a release says: the data of its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.release.cells import ANY_RISK
from pipelines.release.places import NATIONAL
from pipelines.release.rows import PrivateRow
from pipelines.report import pages
from pipelines.report.findings import period_name
from pipelines.report.names import Category, Force
from pipelines.report.pages import Content, HabitPanel
from pipelines.report.pdf_charts import Axis, Point, chart
from pipelines.report.pdf_effects import effects_said
from pipelines.report.pdf_parts import (
    compared,
    comparison,
    count,
    denominator,
    findings,
    heading,
    origin,
    share,
    share_interval,
    training_said,
    trainings_of,
)
from pipelines.report.private import Series, noisy_rate, private_page

NATIONAL_TITLE = "Risky messaging in police chats: England and Wales"


def national(content: Content) -> dict[str, Any]:
    """The data of ``report.typ``."""
    manifest = content.manifest
    forces = [force for force in content.forces.values() if force.is_force]
    told = forces_told_of(content)
    of_all_risk = [row for row in content.impact if row.category == ANY_RISK]
    shown = [row for row in of_all_risk if compared(row)]
    habits = pages.habit_panels(content, NATIONAL)
    return {
        **heading(manifest, "England and Wales"),
        **findings(content, content.forces[NATIONAL]),
        **origin(manifest),
        "title": NATIONAL_TITLE,
        "key-figures": [
            *denominator(content, NATIONAL),
            ("Forces with figures", f"{len(told)} of {len(forces)}"),
        ],
        "kinds": len(content.categories) - 1,
        "habits": [_habit(habit) for habit in habits],
        "habits-period": period_name(habits[0].period) if habits else "",
        "comparisons": [
            comparison(row, content.forces[row.force_code].name, training_said(row))
            for row in sorted(shown, key=lambda r: (content.forces[r.force_code].name, r.start))
        ],
        "comparisons-held": len(of_all_risk) - len(shown),
        **effects_said(content),
        "forces": [_force_row(content, force) for force in told],
        "silent": [force.name for force in forces if force not in told],
        "basis": manifest["basis"],
        "config": manifest["config"],
        "cells": [_cells(name, found) for name, found in manifest["cells"].items()],
    }


def forces_told_of(content: Content) -> list[Force]:
    """Forces with a figure, in alphabetical order."""
    forces = content.forces.values()
    return [force for force in forces if force.is_force and content.has_figures(force.code)]


def brief(content: Content, force: Force) -> dict[str, Any]:
    """The data of ``brief.typ``: of training, the latest programme with figures on both sides.

    Its two pages have no room for eight times of the week: those are on the site.
    """
    rows = [row for row in pages.impact(content, force.code) if compared(row)]
    latest = [row for row in rows if row.start == rows[-1].start]
    habits = pages.habit_panels(content, force.code)
    trainings = len(trainings_of(content, force.code))
    return {
        **heading(content.manifest, force.name),
        **findings(content, force),
        "title": f"{force.name}: force brief, {period_name(content.manifest['release'])}",
        "place": force.name,
        "key-figures": [
            *denominator(content, force.code),
            ("Training in this period", str(trainings or "None")),
        ],
        "habits": [
            (habit.title, _habit_line(habit))
            for habit in habits
            if habit.code != pages.TIME_OF_WEEK
        ],
        "habits-period": period_name(habits[0].period) if habits else "",
        "training": training_said(latest[0]) if latest else "",
        "comparisons": [comparison(row, content.categories[row.category].name) for row in latest],
    }


def private(
    rows: Sequence[PrivateRow], categories: dict[str, Category], manifest: dict[str, Any]
) -> dict[str, Any]:
    """The data of ``private.typ``."""
    shown = private_page(rows, categories, manifest)
    months, privacy = shown["months"], manifest["privacy"]
    first, last = period_name(months[0]), period_name(months[-1])
    latest = shown["latest"]
    return {
        **heading(manifest, "England and Wales"),
        **origin(manifest),
        "title": NATIONAL_TITLE,
        "lede": "Of every 1,000 messages in the chats officers volunteered, how many were flagged "
        f"for each kind of risk, {first} to {last}, with noise.",
        "key-figures": [
            (f"Messages with noise, {period_name(latest.period)}", count(latest.messages)),
            ("Months drawn", str(len(shown["drawn"]))),
            ("Privacy budget spent (rho)", f"{privacy['rho_spent']:g} of {privacy['rho_total']:g}"),
        ],
        "kinds": len(shown["series"]),
        "glance": [_private_glance(one) for one in shown["series"]],
        "panels": [_private_panel(one, months) for one in shown["series"]],
        "missing": [period_name(month) for month in shown["missing"]],
        "privacy": privacy,
        "rho-spent": f"{privacy['rho_spent']:g}",
        "rho-total": f"{privacy['rho_total']:g}",
        "epsilon": f"{shown['epsilon']:.1f}",
    }


def _habit(habit: HabitPanel) -> dict[str, Any]:
    rows = [
        {"value": row.value, "share": share(row), "interval": share_interval(row)}
        for row in habit.rows
    ]
    return {"title": habit.title, "rows": rows}


def _habit_line(habit: HabitPanel) -> str:
    return "; ".join(f"{row.value} {share(row)} ({share_interval(row)})" for row in habit.rows)


def _force_row(content: Content, force: Force) -> dict[str, str]:
    here = pages.latest_denominator(content, force.code)
    return {
        "name": force.name,
        "region": force.region,
        "period": period_name(here.period) if here else "",
        "messages": count(here.messages if here else None),
        "people": count(here.contributors if here else None),
    }


def _cells(name: str, found: Mapping[str, int]) -> dict[str, str]:
    published, withheld = count(found["published"]), count(found["suppressed"])
    return {"file": f"{name}.csv", "published": published, "withheld": withheld}


def _private_glance(one: Series) -> dict[str, str]:
    latest = one.latest
    low, high = noisy_rate(latest.low), noisy_rate(latest.high)
    return {
        "name": one.category.name,
        "estimate": noisy_rate(latest.estimate_per_1000),
        "interval": "[z]" if latest.low is None else f"{low} to {high}",
        "period": period_name(latest.period),
        "change": one.verdict,
    }


def _private_panel(one: Series, months: Sequence[str]) -> dict[str, Any]:
    known = {row.period: row for row in one.rows}
    points = [
        Point(month, row.estimate_per_1000, row.low, row.high)
        if (row := known.get(month))
        else Point(month, None, None, None)
        for month in months
    ]
    return {
        "name": one.category.name,
        "unit": "flagged messages per 1,000",
        "protective": one.category.protective,
        "sentence": one.sentence,
        "quarterly": False,
        "chart": chart(points, Axis(months)) | {"gaps": []},
    }

"""What is planted: training, prevalence, who shares a chat, when people write."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest

from pipelines.errors import CallerError
from pipelines.synthetic.chats import plan_chats
from pipelines.synthetic.event import Event
from pipelines.synthetic.mix import Mix
from pipelines.synthetic.pace import Pace
from pipelines.synthetic.plan import (
    TRAINING_EFFECTS,
    Rates,
    Training,
    choose_forces,
    months_until,
    plan_force,
    read_calendar,
    trained_share,
)
from pipelines.synthetic.timing import DAY, HOUR, burst_starts, missing_hour, month_days

SPRING = Training("E23000001", "Invented", date(2026, 4, 1), date(2026, 4, 29))


@pytest.mark.parametrize(
    ("month", "share"), [("2026-03", 0.0), ("2026-04", 0.5), ("2026-05", 1.0), ("2026-12", 1.0)]
)
def test_the_effect_rises_while_a_programme_runs(month, share):
    assert trained_share(SPRING, month) == share


def test_months_cross_the_new_year():
    assert months_until("2026-02", 4) == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_training_lowers_what_it_targets_and_leaves_placebos_alone():
    months = months_until("2026-06", 6)
    trained = plan_force(1, "E23000001", months, SPRING, scale=1)["2026-06"].risk
    untrained = plan_force(1, "E23000001", months, None, scale=1)["2026-06"].risk
    for code, effect in TRAINING_EFFECTS.items():
        assert trained[code] == pytest.approx(untrained[code] * (1 + effect), abs=1e-6)


def test_more_is_challenged_after_training():
    plan = plan_force(1, "E23000001", ["2026-03", "2026-05"], SPRING, scale=1)
    assert plan["2026-05"].challenge > plan["2026-03"].challenge


def test_a_scale_that_leaves_no_ordinary_talk_is_refused():
    with pytest.raises(CallerError, match="over half"):
        plan_force(1, "E23000001", ["2026-03"], None, scale=30)


@pytest.mark.parametrize("wrong", [0, 44, ["E99999999"]])
def test_forces_nobody_knows_are_refused(wrong):
    with pytest.raises(CallerError):
        choose_forces(wrong)


def test_the_demos_forces_start_training_at_different_times_and_one_never_does():
    calendar = {training.force_code: training.start for training in read_calendar()}
    starts = [calendar.get(code) for code in choose_forces(4)]
    assert len(set(starts)) == 4
    assert starts.count(None) == 1


def test_the_calendar_names_known_forces_once():
    codes = [training.force_code for training in read_calendar()]
    assert len(codes) == len(set(codes))
    assert choose_forces(codes) == codes


@pytest.mark.parametrize(("volunteers", "chats"), [(1, 1), (2, 1), (3, 2), (8, 6), (14, 12)])
def test_two_pairs_of_volunteers_share_a_chat(volunteers, chats):
    planned = plan_chats(1, "E23000001", volunteers, messages_per_month=30)
    assert len(planned) == chats
    assert sum(len(chat.volunteers) for chat in planned) == volunteers


def test_weights_are_shares_and_the_last_member_never_writes():
    for chat in plan_chats(1, "E23000001", 14, messages_per_month=30):
        assert sum(chat.weights) == pytest.approx(1)
        assert chat.weights[-1] == 0


def test_risky_texts_are_as_common_as_planned_though_answers_are_never_redrawn():
    rates = Rates({"DISC": 0.2, "OPS": 0.1}, challenge=0.5, lookalike=0.1, unprompted_spup=0.05)
    rng, mix, drawn, texts = Random(4), Mix(rates), Counter[str](), 0
    for _ in range(40_000):
        code = mix.draw(rng)
        drawn[code] += 1
        texts += 2 if code in rates.risk and mix.challenged(rng) else 1
    assert drawn["DISC"] / texts == pytest.approx(0.2, abs=0.01)
    assert drawn["OPS"] / texts == pytest.approx(0.1, abs=0.01)


def test_bursts_stay_in_the_month_and_follow_shifts():
    starts = burst_starts(Random(1), "2026-02", offset=0, count=4_000)
    assert starts == sorted(starts)
    assert {start // DAY for start in starts} <= set(month_days("2026-02"))
    hours = Counter(start % DAY // HOUR for start in starts)
    assert hours[14] > hours[3]


def test_nobody_writes_in_the_hour_the_clocks_skip():
    skipped = missing_hour("2026-03")
    assert skipped is not None
    assert date.fromordinal(skipped[0] // DAY) == date(2026, 3, 29)
    pace = Pace(Random(1))
    pace.open_month("2026-03", count=10)
    pace.move_to(skipped[0] + 5)
    event = pace.keep(Event(pace.at, 0, "text", ""))  # type: ignore[arg-type]
    assert event.at == skipped[1]
    assert missing_hour("2026-04") is None

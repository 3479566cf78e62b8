"""What a team says to each other, event by event, in time order."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from random import Random

from pipelines.contracts import MessageKind
from pipelines.synthetic.event import CHALLENGE_CODE, Event
from pipelines.synthetic.mix import LOOKALIKE, Mix
from pipelines.synthetic.pace import ANSWER_GAP, TOPIC_GAP
from pipelines.synthetic.people import Circle
from pipelines.synthetic.phrases import Exchange, Pattern, Phrases
from pipelines.synthetic.plan import Rates
from pipelines.synthetic.sidelines import Sidelines, draw_sideline
from pipelines.synthetic.timing import burst_starts
from pipelines.synthetic.voices import Voices

MEAN_BURST = 6  # messages
LINK_SHARE = 0.012  # of topics
CLIMBDOWN_SHARE = 0.4  # of challenges
LAUGH_SHARE = 0.5  # of risky texts nobody challenges
OWN_ANSWERS = 0.58  # answers written for the opener; the rest are 'ok', 'ta', '👍'
CLOSER_SHARE = 0.5
CAPTION_SHARE = 0.35
REMARK_SHARE = 0.35
ANSWER_COUNTS = (0, 1, 1, 1, 2, 2, 3, 4)

Said = Generator[Event, None, bool]  # events; returns whether talk went another way


class Conversation:
    """A team's chat. ``weights`` are how much each member writes."""

    def __init__(
        self, rng: Random, phrases: Phrases, circle: Circle, weights: Sequence[float]
    ) -> None:
        self._rng = rng
        self._phrases = phrases
        self._circle = circle
        self._voices = Voices(rng, phrases, circle, weights)
        self._sidelines = Sidelines(self._voices)
        self._rota_offset = rng.randrange(10)
        self._mix: Mix

    def month(
        self, month: str, count: int, rates: Rates, planted: Sequence[Event] = ()
    ) -> Iterator[Event]:
        """At least ``count`` events in one month (a topic is never cut off), in time order.
        ``planted`` events are said on the way; their times are set here.
        """
        self._mix = Mix(rates)
        pace = self._voices.pace
        pace.open_month(month, count)
        starts = burst_starts(self._rng, month, self._rota_offset, count // MEAN_BURST + 1)
        made = 0
        for place, start in enumerate(starts):
            pace.move_to(start)
            for event in planted[place :: len(starts)]:
                event.at = pace.at
                yield pace.keep(event)
                pace.wait(ANSWER_GAP)
            while made < count * (place + 1) / len(starts):
                for event in self._topic():
                    made += 1
                    yield pace.keep(event)
                pace.wait(TOPIC_GAP)

    def _topic(self) -> Iterator[Event]:
        self._circle.change_subject(self._rng)
        who = self._voices.someone()
        kind = draw_sideline(self._rng)
        if kind is not None:
            yield self._sidelines.make(kind, who)
            if kind is MessageKind.MEDIA:
                yield from self._about_media(who)
        elif self._rng.random() < LINK_SHARE:
            yield from self._speak(who, self._reply("link"))
        else:
            yield from self._exchange(who, self._voices.pick(self._phrases.talk))

    def _exchange(self, opener: int, exchange: Exchange) -> Said:
        if (yield from self._speak(opener, exchange.opener)):
            return True
        unused = list(exchange.answers)
        for _ in range(self._voices.pick(ANSWER_COUNTS)):
            if unused and self._rng.random() < OWN_ANSWERS:
                answer = unused.pop(int(self._rng.random() * len(unused)))
            else:
                answer = self._reply("ack")
            if (yield from self._speak(self._voices.someone(opener), answer)):
                return True
        if exchange.closers and self._rng.random() < CLOSER_SHARE:
            return (yield from self._speak(opener, self._voices.pick(exchange.closers)))
        return False

    def _speak(self, who: int, pattern: Pattern) -> Said:
        """Say ``pattern``, unless chance plants something else."""
        drawn = self._mix.draw(self._rng)
        if not drawn:
            yield self._voices.text(who, pattern)
            return False
        if drawn == LOOKALIKE:
            code = self._voices.pick(tuple(self._phrases.lookalike))
            said = self._voices.pick(self._phrases.lookalike[code])
            yield self._voices.text(who, said, lookalike=code)
        elif drawn == CHALLENGE_CODE:
            said = self._voices.pick(self._phrases.challenge["unprompted"])
            yield self._voices.text(who, said, categories=(CHALLENGE_CODE,))
        else:
            yield from self._risky(who, drawn)
        return True

    def _risky(self, who: int, code: str) -> Iterator[Event]:
        self._circle.change_subject(self._rng)
        challenged = self._mix.challenged(self._rng)
        said = self._voices.pick(self._phrases.risk[code])
        yield self._voices.text(who, said, categories=(code,), challenged=challenged)
        if challenged:
            answer = self._voices.pick(self._phrases.challenge["answer"])
            other = self._voices.someone(who)
            yield self._voices.text(other, answer, categories=(CHALLENGE_CODE,))
            if self._rng.random() < CLIMBDOWN_SHARE:
                yield from self._speak(who, self._reply("climbdown"))
        elif self._rng.random() < LAUGH_SHARE:
            yield from self._speak(self._voices.someone(who), self._reply("laugh"))

    def _about_media(self, who: int) -> Iterator[Event]:
        draw = self._rng.random()
        if draw < CAPTION_SHARE:
            yield from self._speak(who, self._voices.pick(self._phrases.captions))
        elif draw < CAPTION_SHARE + REMARK_SHARE:
            yield from self._speak(self._voices.someone(who), self._reply("to_media"))

    def _reply(self, name: str) -> Pattern:
        return self._voices.pick(self._phrases.reply[name])

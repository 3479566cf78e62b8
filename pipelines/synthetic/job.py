"""One chat from its plan to its exports: talk once, render for every volunteer's phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pipelines.synthetic.canaries import Canary, canary_event
from pipelines.synthetic.chance import seeded
from pipelines.synthetic.chats import ChatPlan
from pipelines.synthetic.conversation import Conversation
from pipelines.synthetic.event import Event
from pipelines.synthetic.exports import ExportWriter
from pipelines.synthetic.people import Circle, name_list
from pipelines.synthetic.phrases import load_phrases
from pipelines.synthetic.plan import Rates
from pipelines.synthetic.timing import DAY, month_days
from pipelines.synthetic.truth import MessageTruth, Summary, identity_list

# Relative activity by calendar month: summer leave and the end of the year.
SEASON = (0.96, 0.94, 1.0, 0.98, 1.0, 1.02, 1.04, 0.92, 1.0, 1.04, 1.06, 1.08)
LATE_START = 4  # a second volunteer's phone misses the first quarter of the months


@dataclass(slots=True)
class ChatJob:
    """A chat, the rates planted in it and the canaries it carries."""

    seed: int
    number: int
    chat: ChatPlan
    rates: Mapping[str, Rates]
    canaries: Sequence[Canary]

    def run(
        self, folder: Path, first: int, truth: MessageTruth, summary: Summary
    ) -> list[ExportWriter]:
        """Write the chat's exports, numbered from ``first``, and what is true of them."""
        rng = seeded(self.seed, "chat", self.number)
        said = self._place_senders()
        group = rng.choice(name_list("groups"))
        writers = [
            ExportWriter(folder, first + place, self.number, volunteer, group, truth)
            for place, volunteer in enumerate(self.chat.volunteers)
        ]
        with ExitStack() as stack:
            for writer in writers:
                stack.enter_context(writer)
            self._talk(rng, writers, said, summary)
        self._note(writers, summary)
        return writers

    def _place_senders(self) -> list[Canary]:
        """Rename members after the canaries meant for senders; return those to be said."""
        taken = {volunteer.place for volunteer in self.chat.volunteers}
        free = [p for p in range(len(self.chat.team) - 1) if p not in taken]
        said = []
        for canary in self.canaries:
            if canary.as_sender and free:
                self.chat = self.chat.rename_sender(free.pop(), canary.value)
            else:
                said.append(canary)
        return said

    def _talk(
        self, rng: Random, writers: list[ExportWriter], said: list[Canary], summary: Summary
    ) -> None:
        circle = Circle(rng, self.chat.team)
        talk = Conversation(rng, load_phrases(), circle, self.chat.weights)
        message = 0
        for index, (month, rates) in enumerate(self.rates.items()):
            joined = [w for p, w in enumerate(writers) if index >= self._from(p)]
            for place, writer in enumerate(joined):
                if index == self._from(place):
                    at = month_days(month).start * DAY
                    writer.open_chat(at, self._creator(), from_the_start=index == 0)
            count = self.chat.per_month * SEASON[int(month[5:]) - 1] * rng.uniform(0.9, 1.1)
            planted = self._planted(said[index :: len(self.rates)])
            cell = summary.counts[self.chat.force, month]
            for event in talk.month(month, round(count), rates, planted):
                covered = [w for w in joined if w.write(event, message)]
                if covered:
                    cell.add(event, (w.volunteer.contributor for w in covered))
                message += 1

    def _from(self, place: int) -> int:
        """The month a volunteer's phone starts at."""
        return 0 if place == 0 else len(self.rates) // LATE_START

    def _creator(self) -> int:
        return (self.chat.volunteers[0].place + 1) % (len(self.chat.team) - 1)

    def _planted(self, said: Sequence[Canary]) -> list[Event]:
        return [canary_event(canary, self.chat.volunteers[0].place) for canary in said]

    def _note(self, writers: list[ExportWriter], summary: Summary) -> None:
        for writer in writers:
            summary.exports.append(
                {
                    "number": writer.number,
                    "path": f"exports/{writer.path.name}",
                    "chat": self.number,
                    "force_code": self.chat.force,
                    "contributor": writer.volunteer.contributor,
                    "scope": writer.volunteer.scope,
                    "style": writer.view.style.name,
                    "messages": writer.lines,
                    "identities": identity_list(writer.identities),
                }
            )
        if len(writers) > 1:
            numbers = [writer.number for writer in writers]
            summary.shared.append({"exports": numbers, "messages": writers[-1].events})
        summary.canaries += [
            {"type": c.type, "value": c.value, "needles": list(c.needles),
             "export": writers[0].number}
            for c in self.canaries
        ]  # fmt: skip

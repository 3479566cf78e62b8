"""Which chats a force has, who is in them and who volunteers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from pipelines.synthetic.chance import seeded
from pipelines.synthetic.people import Person, contact_names, make_team

VOLUNTEER_SHARE = 0.28  # of a chat's messages, for each volunteer in it
TEAM_SIZES = (5, 6, 6, 7, 8, 9)
ACTIVITY = (0.75, 1.35)  # a volunteer's mean against the collection's
OWN, WHOLE = "own_messages", "whole_chat"


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A member who hands over the chat; ``place`` indexes the team, ``names`` is their view."""

    place: int
    contributor: str
    scope: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatPlan:
    """One team chat. The last of the team never writes: they come and go."""

    force: str
    team: tuple[Person, ...]
    volunteers: tuple[Volunteer, ...]
    weights: tuple[float, ...]
    per_month: float  # messages of the whole chat

    def rename_sender(self, place: int, surname: str) -> ChatPlan:
        """The same chat with a member of another surname, shown in full on every phone."""
        person = replace(self.team[place], last=surname)
        team = (*self.team[:place], person, *self.team[place + 1 :])
        volunteers = tuple(
            replace(v, names=(*v.names[:place], person.full, *v.names[place + 1 :]))
            for v in self.volunteers
        )
        return replace(self, team=team, volunteers=volunteers)


def plan_chats(seed: int, force: str, volunteers: int, messages_per_month: int) -> list[ChatPlan]:
    """The chats of one force. Two pairs of volunteers (one where there are under eight) share a
    chat: the first pair hands over whole chats, the second, like everyone else, own messages.
    """
    rng = seeded(seed, "chats", force)
    scopes: list[tuple[str, ...]] = []
    if volunteers >= 2:
        scopes.append((WHOLE, WHOLE))
    if volunteers >= 8:
        scopes.append((OWN, OWN))
    scopes += [(OWN,)] * (volunteers - 2 * len(scopes))
    return [_chat(rng, force, scope, messages_per_month) for scope in scopes]


def _chat(rng: Random, force: str, scopes: Sequence[str], messages_per_month: int) -> ChatPlan:
    team = make_team(rng, rng.choice(TEAM_SIZES) + 1)
    places = rng.sample(range(len(team) - 1), len(scopes))
    volunteers = tuple(
        Volunteer(place, f"C{rng.getrandbits(40):010x}", scope, contact_names(rng, team, place))
        for place, scope in zip(places, scopes, strict=True)
    )
    per_month = messages_per_month * rng.uniform(*ACTIVITY) / VOLUNTEER_SHARE
    return ChatPlan(force, team, volunteers, _weights(rng, len(team), places), per_month)


def _weights(rng: Random, size: int, places: Sequence[int]) -> tuple[float, ...]:
    """Shares of the chat: each volunteer's as planned, the last member's nought."""
    raw = [0.0 if p in places or p == size - 1 else rng.uniform(0.3, 1.6) for p in range(size)]
    rest = (1 - VOLUNTEER_SHARE * len(places)) / sum(raw)
    return tuple(
        VOLUNTEER_SHARE if place in places else weight * rest for place, weight in enumerate(raw)
    )

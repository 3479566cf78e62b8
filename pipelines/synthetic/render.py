"""How each phone writes an event into its export: WhatsApp on Android and on iOS, British dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pipelines.contracts import MessageKind
from pipelines.synthetic.event import Event
from pipelines.synthetic.people import name_identity
from pipelines.synthetic.phrases import Identity
from pipelines.synthetic.timing import DAY, HOUR

LRM = "\u200e"  # iOS puts it before what the app, not a person, wrote
NARROW_SPACE = "\u202f"  # before am/pm since 2023
ISOLATE, END_ISOLATE = "\u2068", "\u2069"  # around a mentioned name

ENCRYPTION_NOTICE = (
    "Messages and calls are end-to-end encrypted. Only people in this chat can read, listen to, "
    "or share them. Learn more."
)
SYSTEM_TEXTS = {
    "created": 'created group "{group}"',
    "added_you": "added you",
    "joined": "joined using a group link.",
    "left": "left",
    "rename": 'changed the group name from "{group}" to "{group} 2"',
    "rename_back": 'changed the group name from "{group} 2" to "{group}"',
    "icon": "changed this group's icon",
    "description": "changed the group description",
    "security_code": "'s security code changed. Tap to learn more.",
    "pinned": "pinned a message",
}
IOS_MEDIA = ("image", "image", "image", "video", "GIF", "audio", "document")


@dataclass(frozen=True, slots=True)
class Style:
    """A phone's export: system, clock and whether media files travel with it."""

    name: str
    ios: bool
    half_day_clock: bool = False
    with_media: bool = False


STYLES = {
    style.name: style
    for style in (
        Style("android", ios=False),
        Style("android_12h", ios=False, half_day_clock=True),
        Style("ios", ios=True),
        Style("ios_12h", ios=True, half_day_clock=True),
        Style("ios_zip", ios=True, with_media=True),
    )
}


@dataclass(slots=True)
class View:
    """One export of a chat: ``names`` are the team as this phone shows it, ``me`` its owner."""

    style: Style
    names: Sequence[str]
    me: int
    group: str
    _day: int = -1
    _date: str = ""
    _renamed: bool = field(default=False)

    def opening(self, at: int, creator: int, *, from_the_start: bool) -> list[str]:
        """The lines an export starts with; a phone bought later holds the notice alone."""
        lines = [self._app_line(at, None, ENCRYPTION_NOTICE)]
        if from_the_start:
            lines.append(self._system(at, creator, "created"))
            if creator != self.me:
                lines.append(self._system(at, creator, "added_you"))
        return lines

    def line(self, event: Event) -> str:
        """``event`` as lines of the export, each ended by this phone's line end."""
        if event.kind is MessageKind.SYSTEM:
            return self._system(event.at, event.who, event.text)
        if event.kind is MessageKind.TEXT:
            return self._line(event.at, f"{self.names[event.who]}: {self._text(event)}")
        if event.kind is MessageKind.CALL and not self.style.ios:
            return self._line(event.at, "Missed group voice call")
        body = self._ios_body(event) if self.style.ios else self._android_body(event)
        return self._line(event.at, f"{self.names[event.who]}: {body}", by_app=True)

    def identities(self, event: Event) -> tuple[Identity, ...]:
        """The identities in ``event`` as this phone shows it (iOS leaves a contact's name out)."""
        if event.kind is MessageKind.CONTACT and self.style.ios:
            return ()
        if event.mention >= 0:
            return (*event.identities, name_identity(self.names[event.mention]))
        return event.identities

    def has_author(self, event: Event) -> bool:
        """Whether the export says who did it (Android does not for calls)."""
        if event.kind is MessageKind.CALL:
            return self.style.ios
        return event.kind is not MessageKind.SYSTEM

    def _text(self, event: Event) -> str:
        text = event.text
        if event.mention >= 0:
            text = f"@{ISOLATE}{self.names[event.mention].removeprefix('~ ')}{END_ISOLATE} {text}"
        if event.edited:
            mark = LRM if self.style.ios else ""
            text = f"{text} {mark}<This message was edited>"
        return text

    def _system(self, at: int, who: int, code: str) -> str:
        if code == "rename":
            code = "rename_back" if self._renamed else "rename"
            self._renamed = not self._renamed
        actor = "You" if who == self.me else self.names[who]
        text = SYSTEM_TEXTS[code].format(group=self.group)
        if code == "security_code":
            return self._app_line(at, who, "Your" + text[2:] if actor == "You" else actor + text)
        return self._app_line(at, who, f"{actor} {text}")

    def _app_line(self, at: int, who: int | None, text: str) -> str:
        """A line nobody wrote. iOS files it under the actor or, without one, under the group."""
        if not self.style.ios:
            return self._line(at, text)
        author = self.group if who is None else self.names[who]
        return self._line(at, f"{author}: {LRM}{text}", by_app=True)

    def _line(self, at: int, rest: str, *, by_app: bool = False) -> str:
        day, seconds = divmod(at, DAY)
        if day != self._day:
            self._day, self._date = day, date.fromordinal(day).strftime("%d/%m/%Y")
        hour, minute, second = seconds // HOUR, seconds // 60 % 60, seconds % 60
        half = ""
        if self.style.half_day_clock:
            half = f"{NARROW_SPACE}{'pm' if hour >= 12 else 'am'}"
            hour = hour % 12 or 12
        shown = f"{hour}" if half else f"{hour:02d}"
        if self.style.ios:
            stamp = f"{self._date}, {shown}:{minute:02d}:{second:02d}{half}"
            return f"{LRM if by_app else ''}[{stamp}] {rest}\r\n"
        return f"{self._date}, {shown}:{minute:02d}{half} - {rest}\n"

    def _ios_body(self, event: Event) -> str:
        kind = event.kind
        if kind is MessageKind.MEDIA and self.style.with_media:
            return f"{LRM}<attached: 00000000-PHOTO.jpg>"
        if kind is MessageKind.MEDIA:
            return f"{LRM}{IOS_MEDIA[int(event.text) % len(IOS_MEDIA)]} omitted"
        if kind is MessageKind.DELETED:
            mine = event.who == self.me
            return LRM + ("You deleted this message." if mine else "This message was deleted.")
        if kind is MessageKind.POLL:
            return f"{LRM}POLL:\n" + event.text.replace("\nOPTION", f"\n{LRM}OPTION")
        return (
            LRM
            + {
                MessageKind.STICKER: "sticker omitted",
                MessageKind.LOCATION: f"Location: https://maps.google.com/?q={event.text}",
                MessageKind.CONTACT: "Contact card omitted",
                MessageKind.CALL: "Missed group voice call",
            }[kind]
        )

    def _android_body(self, event: Event) -> str:
        kind = event.kind
        if kind is MessageKind.DELETED:
            mine = event.who == self.me
            return "You deleted this message" if mine else "This message was deleted"
        if kind is MessageKind.POLL:
            return "POLL:\n" + event.text
        if kind is MessageKind.MEDIA and int(event.text) % 4 == 0:
            return f"IMG-{_file_date(event.at)}-WA{event.text[-4:]:0>4}.jpg (file attached)"
        return {
            MessageKind.MEDIA: "<Media omitted>",
            MessageKind.STICKER: f"STK-{_file_date(event.at)}-WA0000.webp (file attached)",
            MessageKind.LOCATION: f"location: https://maps.google.com/?q={event.text}",
            MessageKind.CONTACT: f"{event.text}.vcf (file attached)",
        }[kind]


def _file_date(at: int) -> str:
    return date.fromordinal(at // DAY).strftime("%Y%m%d")

"""What shows that a word, ordinary in itself, is somebody's name here. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipelines.deidentify.lexicon import words
from pipelines.deidentify.recognisers.ranks import NAMING_RANKS, TITLES
from pipelines.deidentify.text import Token

GREETINGS = words(
    "hi hello hey heya hiya alright ayup cheers thanks thank ta thx tnx morning afternoon evening "
    "night nite nights congrats congratulations bye sorry soz welcome mornin"
)
# Verbs people are the subject of. Not "is": "Rich is the word".
_DOES = words(
    "said says told reckons thinks knows wants needs got gets went goes came comes asked asks "
    "called rang rings text texted sent loves hates never mentioned left gave looks looked owes "
    "has hasn't hasnt had hadn't was wasn't wasnt is isn't isnt will won't wont would could should "
    "can can't cant did didn't didnt does doesn't doesnt made makes took takes put puts keeps kept "
    "forgot found finds feeds borrowed lost dropped drops brought brings bought buys still just "
    "and or & you're youre u"
)
_IS_DONE_TO = words(
    "ask tell told asked ring rang text texted message messaged called call phone phoned with "
    "for to from by than like as about and or via cc see saw seen meet met relieve covering "
    "cover gave give giving owe memory behind against of off"
)
_GOES_ON = words(
    "and or is was if when about for to who that cos because has will can please pls plz x on at "
    "but then so re later now first again today tonight tomorrow or the his her lol haha"
)
# Names that are also verbs or openers: a capital at the start of a sentence says nothing.
VERBISH = words(
    "will may mark bill sue rob pat grant chase drew hope rich faith summer april june dawn rose "
    "jack nick frank ray sky don max stew skip can art joy grace miles dean angel hunter bob ash "
    "iris ivy jean tank doc fish smudge tiger duke bear legend happy sunny don don't mo jan mar "
    "so no my an in man guy chance reed wade lance penny ruby amber jade crystal holly"
)
AFTER_A_NAME = _DOES | _GOES_ON | {"from", "in", "with"}
_SETTLED = words("you we they i he it there the a this that be not your we'll my our")


def names_a_person(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Whether the words around ``tokens[index]`` show it to be a name: a rank or title before it;
    a capital inside a sentence, or at its start before what people do; a form of address."""
    token = tokens[index]
    before = _before(tokens, index)
    if before in NAMING_RANKS or before in TITLES:
        return True
    if addressed(tokens, index, text):
        return True
    if not token.capital or says_nothing(token, text):
        return False
    if not token.opens:
        return True
    if token.low.endswith("'s"):
        return token.low[:-2] not in VERBISH
    return _after(tokens, index) in _DOES and _after(tokens, index) not in _SETTLED


def member_meant(tokens: Sequence[Token], index: int, text: str) -> bool:
    """As :func:`names_a_person`, for a word that is the name of somebody in the chat: a capital
    is then enough unless the word could open a sentence, and small letters where names stand."""
    token = tokens[index]
    if names_a_person(tokens, index, text):
        return True
    base = token.low.removesuffix("'s")
    if token.capital and not says_nothing(token, text) and base not in VERBISH:
        return True
    if token.low != base:
        return base not in VERBISH
    subject = token.opens and _after(tokens, index) in _DOES and base not in VERBISH
    return subject or done_to(tokens, index) or _called_last(tokens, index)


def _called_last(tokens: Sequence[Token], index: int) -> bool:
    """``collar number for the form rob?``: a member's name closing a sentence."""
    ends = index + 1 == len(tokens) or tokens[index + 1].opens
    return ends and index > 1 and _before(tokens, index) not in _BEFORE_A_VERB


def done_to(tokens: Sequence[Token], index: int) -> bool:
    """``ask moose``, ``the deposit to bomber by Friday``: where the object of a sentence stands."""
    ends = index + 1 == len(tokens) or tokens[index + 1].opens
    return _before(tokens, index) in _IS_DONE_TO and (ends or _after(tokens, index) in _GOES_ON)


def addressed(tokens: Sequence[Token], index: int, text: str) -> bool:
    """``cheers mark``, ``mark, can you``: called by name."""
    token = tokens[index]
    before = _before(tokens, index)
    previous_end = tokens[index - 1].end if index else 0
    touching = text[previous_end : token.start].strip() in {"", ","}
    ends = index + 1 == len(tokens) or tokens[index + 1].opens
    comma = text[token.end : token.end + 1] in {",", "!"}
    greeted = before in GREETINGS or (_before(tokens, index - 1), before) in _GREETING_PAIRS
    if greeted and touching and (ends or comma):
        return True
    return (
        index == 0
        and comma
        and (token.capital or _after(tokens, 0) in _CALLED_TO)
        and len(tokens) > 1
    )


_GREETING_PAIRS = frozenset(
    {("nice", "one"), ("well", "done"), ("good", "luck"), ("fair", "play"), ("happy", "birthday"),
     ("good", "one"), ("get", "in"), ("same", "as"), ("thank", "you"), ("good", "work")}
)  # fmt: skip
_BEFORE_A_VERB = words(
    "to will i you we they he she it u can could would should might must may do doe"
    "s did don't dont "
    "not never the a an this that these those my your our his her their its no some"
    " any more very so "
    "too how in on at and or of for is was are were be been got get old big new best"
)
_CALLED_TO = words("can you are have did do could would what where when any is u r")


def says_nothing(token: Token, text: str) -> bool:
    """A word in capitals in a text shouted throughout."""
    return token.text.isupper() and len(token.text) > 1 and _shouting(text)


def _before(tokens: Sequence[Token], index: int) -> str:
    return tokens[index - 1].low if index > 0 and not tokens[index].opens else ""


def _after(tokens: Sequence[Token], index: int) -> str:
    following = index + 1
    return tokens[following].low if following < len(tokens) and not tokens[following].opens else ""


@lru_cache(maxsize=4096)
def _shouting(text: str) -> bool:
    """Written in capitals throughout, so that a capital says nothing."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.8 * len(letters)

"""Police ranks and civil titles as regular expressions and word sets. Alone they stay."""

from __future__ import annotations

from pipelines.deidentify.lexicon import words

# Abbreviated or whole, with temporary (T/), acting (A/) and detective forms. "PS" and "DS" are
# also consoles: numbers after them need two digits.
RANK = (
    r"(?:(?:[ta]/|a/|temp(?:orary)?\.? |acting |det(?:ective)?\.? |chief |ch |c/|"
    r"special |trainee )*"
    r"(?:wpc|pcso|psco|tpc|pc|spc|ssgt|sgt|sargeant|sergeant|serg|sarge|skipper|ps|tdc|dc|ds|di|dci"
    r"|dsu|dcs|insp|inspector|supt|superintendent|constable|cons|officer|acc|dcc|cso))"
)

RANK_WORDS = words(
    """pc wpc pcso psco tpc spc sgt sargeant sergeant serg sarge skip skipper ps tdc dc ds di dci
    dsu dcs insp inspector supt superintendent constable officer acc dcc cso det detective
    ssgt guv boss gaffer ma'am sir padre chaplain commander commissioner special"""
)
# Ranks that are followed by a name more often than not.
NAMING_RANKS = RANK_WORDS - {
    "boss",
    "guv",
    "gaffer",
    "skip",
    "skipper",
    "sir",
    "special",
    "officer",
}

TITLES = words(
    """mr mrs ms miss mx dr doctor prof professor rev reverend father fr sister imam rabbi judge
    hhj recorder councillor cllr lord lady dame sir uncle aunty auntie aunt nan nanny grandad
    master nurse matron coach mp"""
)

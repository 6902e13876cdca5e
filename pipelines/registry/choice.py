"""Which division a name means: only one that the name, or what stands around it, settles."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.model import Issue
from pipelines.registry.divisions import Division, Divisions
from pipelines.registry.evidence import Evidence
from pipelines.registry.gazetteer import Chain, Gazetteer
from pipelines.registry.reading import ReadName
from pipelines.registry.vocabulary import Words


@dataclass(frozen=True, slots=True)
class Choice:
    """`dropped` are printed letters that named the division wrongly and are no part of the agency's own name."""

    division: Division | None
    issues: tuple[Issue, ...] = ()
    dropped: str = ""


def choose(name: ReadName, evidence: Evidence, year: int | None, gazetteer: Gazetteer) -> Choice:
    divisions = gazetteer.divisions
    if name.words.unknown_place is not None:
        return _unknown(name, name.words.unknown_place, evidence, year, gazetteer)
    if name.chain is None:
        return _from_context(name, evidence, year, divisions)
    if other := _place_elsewhere(name, name.chain, gazetteer):
        return _unknown(name, other, evidence, year, gazetteer)
    if not name.words.standard and name.chain.form == "name":
        return _inner(name, name.chain, evidence, year, gazetteer)
    return _outer(name, name.chain, evidence, year, divisions)


def _inner(name: ReadName, chain: Chain, evidence: Evidence, year: int | None, gazetteer: Gazetteer) -> Choice:
    """A town, a street, a school: where only its city is printed, it lies in one of the city's counties."""
    divisions = gazetteer.divisions
    choice = _outer(name, chain, evidence, year, divisions)
    city = choice.division
    if city is None or city.level == "county" or city.code in divisions.childless:
        return choice
    if not name.words.township:
        rest = name.text[len(name.above) + chain.end :]
        inner = (row for end in range(2, len(rest)) for row in gazetteer.names(rest[:end], stems=True))
        if name.words.zone is not None or not any(divisions.contains(city, row) for row in inner):
            return choice
    counties = {row.lineage: row for tier in evidence.located for row in tier if divisions.contains(city, row)}
    county = divisions.at(next(iter(counties.values())), year) if len(counties) == 1 else None
    if county is None or county.level != "county":
        return _none(
            "division_ambiguous", f"{name.text!r} lies in one of the counties of {city.name}: name it in the folder."
        )
    issue = Issue("division_from_context", f"{name.text!r} names no county: {county.name} is taken from its context.")
    return Choice(county, (*choice.issues, issue))


def _outer(name: ReadName, chain: Chain, evidence: Evidence, year: int | None, divisions: Divisions) -> Choice:
    if name.words.relative is not None or not name.sound:
        return _none("division_unknown", f"{name.text!r} names a place that is no division.")
    found = _named(name, chain, evidence, year, divisions)
    if isinstance(found, Issue):
        return Choice(None, (found,))
    division = divisions.at(found, year)
    if division is None:
        return _none(
            "division_abolished", f"{found.name} ({found.code}) ended before {year}, and no one division followed it."
        )
    issues = []
    if name.words.zone is not None:
        issues.append(
            Issue("division_of_host", f"{name.words.zone} is no division of GB/T 2260: {division.name} is its host.")
        )
    if chain.end == len(name.text) - len(name.above):
        issues.append(Issue("agency_is_place", f"{name.text!r} names a place only: its government is taken."))
    stated = evidence.stated
    if stated and not any(divisions.related(division, other) for other in stated):
        places = ", ".join(f"{other.name} ({other.code})" for other in stated)
        issues.append(
            Issue("division_contradicted", f"The source says {places}; the printed name {division.name} is taken.")
        )
    return Choice(division, tuple(issues))


def _place_elsewhere(name: ReadName, chain: Chain, gazetteer: Gazetteer) -> str | None:
    """A division's name that follows the places but does not lie in them (洛阳市卢氏县)."""
    if name.words.township or name.words.standard:
        return None
    rest = name.text[len(name.above) + chain.end :]
    for end in range(len(rest), 1, -1):
        if gazetteer.names(rest[:end]) and not rest.startswith(("新区", "新城区")):
            return rest[:end]
    return None


def _none(code: str, message: str) -> Choice:
    return Choice(None, (Issue(code, message),))


def _named(
    name: ReadName, chain: Chain, evidence: Evidence, year: int | None, divisions: Divisions
) -> Division | Issue:
    """The one row that the printed places mean, or why there is none."""
    everywhere = _lineages(_of_rank(chain, name.words), year)
    if len(everywhere) == 1:
        return next(iter(everywhere.values()))
    then = {k: row for k, row in everywhere.items() if row.near(year)} if year is not None else everywhere
    supported = evidence.supported(everywhere, divisions)
    if supported is None:
        if len(then) == 1 and not evidence.stated:
            return next(iter(then.values()))
        left = set(then or everywhere)
    else:
        left = supported if len(supported) < 2 else supported & then.keys()
        if len(left) == 1:
            return everywhere[left.pop()]
        left = supported or set(everywhere)
    candidates = ", ".join(f"{row.code} {row.name}" for key, row in sorted(everywhere.items()) if key in left)
    return Issue(
        "division_ambiguous",
        f"{name.text!r} may be of {candidates or 'several divisions'}: name the city in the folder or the source.",
    )


def _of_rank(chain: Chain, words: Words) -> tuple[Division, ...]:
    """厅 are of provinces; towns and streets lie in counties."""
    rows = chain.rows
    if words.kind == "department" and words.text.endswith("厅"):
        return tuple(row for row in rows if row.level == "province") or rows
    return rows


def _lineages(rows: tuple[Division, ...], year: int | None) -> dict[str, Division]:
    """A row for each lineage, one of the year where there is one."""
    found: dict[str, Division] = {}
    for row in rows:
        if row.lineage not in found or (year is not None and row.near(year)):
            found[row.lineage] = row
    return found


def _unknown(name: ReadName, printed: str, evidence: Evidence, year: int | None, gazetteer: Gazetteer) -> Choice:
    """A place that is in no list; one letter off the place that the source states is a misprint of it."""
    divisions = gazetteer.divisions
    if gazetteer.names(printed):
        within = " and ".join(sorted({row.name for row in name.chain.rows})) if name.chain else ""
        return _none(
            "division_contradicted", f"{printed} does not lie in {within}: the printed name contradicts itself."
        )
    stated = evidence.stated
    if name.chain is None and len(stated) == 1:
        names = {stated[0].name} | {row.name for row in divisions.lineages[stated[0].lineage]}
        if any(len(printed) > 2 and _one_letter_off(printed, other) for other in names):
            division = divisions.at(stated[0], year)
            if division is not None:
                issue = Issue("division_misprint", f"{printed} is taken for {division.name}, which the source states.")
                return Choice(division, (issue,), dropped=printed)
    return _none("division_unknown", f"{printed} is no division of GB/T 2260 that the registry knows.")


def _one_letter_off(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _from_context(name: ReadName, evidence: Evidence, year: int | None, divisions: Divisions) -> Choice:
    """The place of a name that prints none: the source's, else that of its surroundings, else that of its text, as long
    as they speak of one place of the right type and do not contradict each other."""
    words = name.words
    own, around, text = evidence.located
    base = own or around or text
    candidates = [row for row in base if _fits(row, words, divisions)]
    if not candidates and words.zone is None:
        inner = [row for row in (*around, *text) if any(divisions.contains(outer, row) for outer in base)]
        candidates = list({row.lineage: row for row in inner if _fits(row, words, divisions)}.values())
    if len(candidates) != 1 or (words.zone is not None and not (own or around)):
        told = ", ".join(f"{row.code} {row.name}" for row in (candidates or base)[:6])
        code = "division_ambiguous" if len(candidates) > 1 else "division_unknown"
        reason = f"the source and the text speak of {told}" if told else "no source or text says where it is"
        return _none(code, f"{name.text!r} names no place, and {reason}.")
    chosen = candidates[0]
    for others in (around, text):
        if others and not any(divisions.related(chosen, other) for other in others):
            told = ", ".join(f"{row.code} {row.name}" for row in others[:6])
            return _none("division_ambiguous", f"{name.text!r} names no place; {chosen.name} stands against {told}.")
    untyped = words.relative is None and not words.township
    if untyped and chosen.level != "county" and any(divisions.contains(chosen, row) for row in (*around, *text)):
        return _none(
            "division_ambiguous", f"{name.text!r} names no place: it may be of {chosen.name} or of a county in it."
        )
    division = divisions.at(chosen, year)
    if division is None:
        return _none("division_abolished", f"{chosen.name} ({chosen.code}) ended before {year}.")
    issue = Issue("division_from_context", f"{name.text!r} names no place: {division.name} is taken from its context.")
    return Choice(division, (issue,))


def _fits(row: Division, words: Words, divisions: Divisions) -> bool:
    """Whether an agency of such words may belong to the division: 区住建局 to a 区, a town to a county."""
    if words.township:
        return row.level == "county" or row.code in divisions.childless
    kind = words.relative
    if kind is None:
        if words.text.endswith("厅"):
            return row.level == "province"
        return row.level != "province" or row.name.endswith("市")
    if kind == "自治区":
        return row.level == "province" and row.name.endswith(kind)
    if kind == "省":
        return row.level == "province" and row.name.endswith("省")
    return row.name.endswith(kind) and (kind != "区" or row.level == "county")

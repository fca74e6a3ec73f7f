"""The search syntax."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.triage.query import KEYS, PRIORITIES, STATUSES, Query, QueryError, Term, age, doubts, parse

_words = st.text(st.sampled_from("ab!:<>=. \té_-\n\u2003"), min_size=1, max_size=12).filter(str.strip)
_keys = st.builds("{}{}".format, st.sampled_from("aZ"), st.text(st.sampled_from("b.-_é9"), max_size=5))


@st.composite
def terms(draw: st.DrawFn) -> Term:
    """Every term that can be written."""
    negated = draw(st.booleans())
    key = draw(st.sampled_from([*KEYS, "", "tag"]))
    match KEYS.get(key):
        case "status":
            return Term(key, draw(st.sampled_from(STATUSES)), negated=negated)
        case "priority":
            return Term(key, draw(st.sampled_from(PRIORITIES)), negated=negated)
        case "count":
            number = str(draw(st.integers(0, 999_999_999)))
            return Term(key, number, draw(st.sampled_from(["=", ">", ">=", "<", "<="])), negated)
        case "age":
            return Term(key, draw(st.sampled_from(["30m", "24h", "7d"])), draw(st.sampled_from("<>")), negated)
    return Term(draw(_keys) if key == "tag" else key, draw(_words), negated=negated)


@given(st.lists(terms(), max_size=6))
def test_what_is_written_is_read_back(wanted: list[Term]) -> None:
    query = Query(tuple(wanted))

    assert parse(str(query)) == query


@given(st.text(st.characters(), max_size=200) | st.text(st.sampled_from("ab!:<>\"'=. is\n\ud8009"), max_size=40))
def test_any_text_is_a_query_or_one_sentence(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert str(error)
    else:
        assert parse(str(query)) == query
        assert len(doubts(query)) <= len(query.on_events)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("enviroment", "environment"),
        ("Environment", "environment"),
        ("times_sen", "times_seen"),
        ("timesSeen", "times_seen"),
        ("lastseen", "last_seen"),
        ("assigned_to", "assigned"),
        ("requestid", "request_id"),
        ("user", "user.id"),
        ("status", "is"),
    ],
)
def test_a_key_that_is_almost_one_is_doubted(key: str, meant: str) -> None:
    (sentence,) = doubts(parse(f"{key}:x {key}:y"))

    assert sentence.startswith(f"{key}: is no key of a query")
    assert sentence.endswith(f"did you mean {meant}:?")


@pytest.mark.parametrize("key", [*KEYS, "environment", "release", "user.id", "request_id", "user_id", "task", "tenant"])
def test_a_key_that_is_one_or_nothing_like_one_is_not_doubted(key: str) -> None:
    assert doubts(Query((Term(key, "x"),))) == []


def test_a_word_of_another_syntax_is_doubted() -> None:
    assert doubts(parse("KeyError OR ValueError or and")) == [
        "OR is looked for as a text: all that stands in a query must hold."
    ]


def test_the_whole_syntax() -> None:
    query = parse(
        "is:unresolved environment:production release:goimg-api@1.2.3 user.id:7 request_id:abc error.type:KeyError "
        'level:error times_seen:>100 users:>=10 first_seen:<7d last_seen:<1h priority:P0 !tag:"two words" free text'
    )

    assert [str(term) for term in query.terms] == [
        "is:unresolved",
        "environment:production",
        "release:goimg-api@1.2.3",
        "user.id:7",
        "request_id:abc",
        "error.type:KeyError",
        "level:error",
        "times_seen:>100",
        "users:>=10",
        "first_seen:<7d",
        "last_seen:<1h",
        "priority:P0",
        '!tag:"two words"',
        "free",
        "text",
    ]
    assert [term.key for term in query.on_events] == ["environment", "release", "user.id", "request_id", "tag"]


def test_a_word_may_have_whole_quotations_in_it() -> None:
    assert parse('tag:a"b"c').terms == (Term("tag", 'a"b"c'),)


def test_free_text_that_looks_like_a_term_stands_in_quotes() -> None:
    assert parse('"KeyError: poster" !"a b" "!x"').terms == (
        Term("", "KeyError: poster"),
        Term("", "a b", negated=True),
        Term("", "!x"),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('title:"abc', "a quotation mark is not closed"),
        ('a"b c"', "cannot read 'a\"b'; put the whole value into quotation marks"),
        ('!""0', "cannot read '!\"\"0'; put the whole value into quotation marks"),
        ('a:""0', "cannot read 'a:\"\"0'; put the whole value"),
        ("environment:", "environment: has no value; put the value right behind it"),
        ("environment: production", "environment: has no value"),
        ('environment:"  "', "environment: has no value"),
        ("!", "! has no value"),
        ('""', "an empty text finds everything; leave it out"),
        ("is:open", "is: is one of unresolved, resolved, ignored"),
        ("priority:high", "priority: is one of P0, P1, P2, P3"),
        ("times_seen:>many", "times_seen: takes a number, like times_seen:>100"),
        ("users:-1", "users: takes a number"),
        ("first_seen:7d", "first_seen: takes an age with < or >, like first_seen:<7d"),
        ("last_seen:<1y", "an age is a number of minutes, hours or days"),
        ("last_seen:<99999999d", "an age is a number of minutes, hours or days"),
        ("x" * 1001, "a query has at most 1000 characters, this one has 1001"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, sentence: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text)

    assert sentence in str(refused.value)


def test_an_age_is_minutes_hours_or_days() -> None:
    assert [age(text) for text in ("30m", "24h", "7d")] == [
        timedelta(minutes=30),
        timedelta(hours=24),
        timedelta(days=7),
    ]

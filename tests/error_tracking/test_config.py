"""Configuration: what is wrong is a sentence at start-up that names the variable."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.error_tracking.config import load

KEY = "a" * 32
DSN = f"https://{KEY}@tracker.example.com/1"


def test_without_variables_the_defaults_hold() -> None:
    config = load({})

    assert (config.dsn, config.environment, config.sample_rate, config.traces_sample_rate) == (
        None,
        "production",
        1.0,
        0.1,
    )
    assert config.release == "goimg-api@1.0.0"


def test_all_variables_are_read() -> None:
    config = load(
        {
            "SENTRY_DSN": DSN,
            "SENTRY_ENVIRONMENT": "staging",
            "SENTRY_RELEASE": "goimg-api@2.0.0",
            "SENTRY_SAMPLE_RATE": "0.5",
            "SENTRY_TRACES_SAMPLE_RATE": "0",
            "SENTRY_DEBUG": "true",
            "SENTRY_SERVER_NAME": "api-eu",
        }
    )

    assert (config.dsn, config.environment, config.release) == (DSN, "staging", "goimg-api@2.0.0")
    assert (config.sample_rate, config.traces_sample_rate, config.debug) == (0.5, 0.0, True)
    assert config.server_name == "api-eu"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SENTRY_DSN", "foo", "SENTRY_DSN is not a DSN"),
        ("SENTRY_DSN", f"ftp://{KEY}@h/1", "SENTRY_DSN is not a DSN"),
        ("SENTRY_DSN", "https://tracker.example.com/1", "SENTRY_DSN is not a DSN"),
        ("SENTRY_TRACES_SAMPLE_RATE", "2", "SENTRY_TRACES_SAMPLE_RATE must be between 0 and 1"),
        ("SENTRY_TRACES_SAMPLE_RATE", "-0.1", "must be between 0 and 1"),
        ("SENTRY_SAMPLE_RATE", "nan", "must be between 0 and 1"),
        ("SENTRY_SAMPLE_RATE", "all", "SENTRY_SAMPLE_RATE must be a number"),
        ("SENTRY_DEBUG", "maybe", "SENTRY_DEBUG must be true or false"),
        ("SENTRY_RELEASE", "x" * 201, "SENTRY_RELEASE must be at most 200 characters"),
        ("SENTRY_RELEASE", "a b", "SENTRY_RELEASE must be"),
        ("SENTRY_ENVIRONMENT", "a/b", "SENTRY_ENVIRONMENT must be"),
        ("SENTRY_DNS", DSN, "SENTRY_DNS is not a variable of this application; did you mean SENTRY_DSN?"),
        ("SENTRY_WHATEVER", "1", "SENTRY_WHATEVER is not a variable of this application"),
        ("SENTRY_DSN_FILE", "/nowhere", "SENTRY_DSN_FILE cannot be read (FileNotFoundError)."),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load({name: value})

    assert sentence in str(refused.value)


def test_the_value_of_a_wrong_dsn_is_not_repeated() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        load({"SENTRY_DSN": f"htps://{KEY}@h/1"})

    assert KEY not in str(refused.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SENTRY_SAMPLE_RATE.*SENTRY_DEBUG"):
        load({"SENTRY_SAMPLE_RATE": "2", "SENTRY_DEBUG": "maybe"})


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "dsn"
    path.write_text(f"{DSN}\n")

    assert load({"SENTRY_DSN_FILE": str(path)}).dsn == DSN


def test_the_dsn_is_not_in_the_repr() -> None:
    assert KEY not in repr(load({"SENTRY_DSN": DSN}))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"RELASE": "x"}, "ERROR_TRACKING['RELASE'] is unknown"),
        ({"TRACE_RATES": {"/x": 2}}, "ERROR_TRACKING['TRACE_RATES']['/x'] must be between 0 and 1."),
        ({"TRACE_RATES": {"/x": "often"}}, "must be between 0 and 1."),
        ({"TRACE_HOSTS": ["internal"]}, "ERROR_TRACKING['TRACE_HOSTS'] must list origins"),
    ],
)
def test_wrong_settings_are_named(settings: Any, options: dict[str, Any], sentence: str) -> None:
    settings.ERROR_TRACKING = options

    with pytest.raises(ImproperlyConfigured) as refused:
        load({})

    assert sentence in str(refused.value)


@pytest.mark.parametrize("folder", ["outbox", "./outbox"])
def test_an_outbox_needs_an_absolute_path(settings: Any, folder: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="OUTBOX_DIR must be the absolute path"):
        load({"OUTBOX_DIR": folder})
    settings.ERROR_TRACKING = {"OUTBOX_DIR": folder}
    with pytest.raises(ImproperlyConfigured, match=r"ERROR_TRACKING\['OUTBOX_DIR'\] must be the absolute path"):
        load({})


def test_the_variable_comes_before_the_setting(settings: Any) -> None:
    settings.ERROR_TRACKING = {"OUTBOX_DIR": Path("/var/setting")}

    assert load({}).delivery.outbox_dir == "/var/setting"
    assert load({"OUTBOX_DIR": "/var/variable"}).delivery.outbox_dir == "/var/variable"


@pytest.mark.parametrize(
    ("key", "value"),
    [("OUTBOX_RATE", 0), ("OUTBOX_MAX_BYTES", "1 MB"), ("SEND_TIMEOUT", float("nan")), ("ERRORS_PER_MINUTE", True)],
)
def test_numbers_of_delivery_must_be_numbers(settings: Any, key: str, value: Any) -> None:
    settings.ERROR_TRACKING = {key: value}

    with pytest.raises(ImproperlyConfigured, match=rf"ERROR_TRACKING\['{key}'\] must be a number"):
        load({})

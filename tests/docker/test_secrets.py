"""`make secrets`."""

import stat
import subprocess
from pathlib import Path

import pytest

from scripts import Problem, secrets


def test_makes_every_secret_and_the_urls_hold_the_passwords(tmp_path: Path) -> None:
    secrets.make("images.example.com", tmp_path / "s")
    files = {path.name: path.read_text() for path in (tmp_path / "s").iterdir()}
    assert set(files) == {*secrets.SECRETS, "tls.crt", "tls.key"}
    assert files["postgres_password"] in files["database_url"]
    assert files["glitchtip_redis_password"] in files["glitchtip_valkey_url"]
    assert len(files["secret_key"]) >= 50
    assert files["sentry_dsn"] == ""


def test_only_the_owner_can_reach_the_files_and_containers_can_read_them(tmp_path: Path) -> None:
    secrets.make("images.example.com", tmp_path / "s")
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "s").iterdir()} == {0o644}


def test_changes_nothing_that_is_there(tmp_path: Path) -> None:
    secrets.make("images.example.com", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    secrets.make("other.example.com", tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_prints_names_and_no_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets.make("images.example.com", tmp_path)
    printed = capsys.readouterr().out
    assert "secret_key" in printed
    assert (tmp_path / "secret_key").read_text() not in printed


def test_the_certificate_has_every_host(tmp_path: Path) -> None:
    secrets.make("images.example.com,errors.example.com", tmp_path)
    show = ["openssl", "x509", "-in", str(tmp_path / "tls.crt"), "-noout", "-ext", "subjectAltName"]
    names = subprocess.run(show, check=True, capture_output=True, text=True).stdout
    assert "DNS:images.example.com, DNS:errors.example.com" in names


def test_a_secret_that_was_deleted_is_made_anew_and_so_is_its_url(tmp_path: Path) -> None:
    secrets.make("images.example.com", tmp_path)
    before = (tmp_path / "postgres_password").read_text()
    for name in ("postgres_password", "database_url"):
        (tmp_path / name).unlink()
    secrets.make("images.example.com", tmp_path)
    assert before not in (tmp_path / "database_url").read_text()
    assert (tmp_path / "postgres_password").read_text() in (tmp_path / "database_url").read_text()


@pytest.mark.parametrize("host", ["not a name", "", "images.example.com,", "a,not a name"])
def test_refuses_a_host_that_is_no_name(tmp_path: Path, host: str) -> None:
    with pytest.raises(Problem, match="HOST must be a host name"):
        secrets.make(host, tmp_path)

"""What an operator sets is checked before anything starts, and no password is repeated."""

import base64
import stat
from pathlib import Path

import pytest

from ringup.domain.errors import SecretUnreadable
from ringup.settings import Settings, SettingsInvalid, load_secret_key, load_settings

KEY = bytes(range(32))


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RINGUP_{name.upper()}", raising=False)


def test_nothing_need_be_set():
    settings = load_settings()

    assert settings.database_url is None
    assert settings.data_dir == Path(".ringup")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_the_environment_is_read(monkeypatch):
    monkeypatch.setenv("RINGUP_PORT", "9000")
    monkeypatch.setenv("RINGUP_DATABASE_URL", "postgresql://shop@db/ringup")

    settings = load_settings()

    assert settings.port == 9000
    assert settings.database_url.get_secret_value() == "postgresql://shop@db/ringup"


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch):
    monkeypatch.setenv("RINGUP_DATABASE_URL", "")
    monkeypatch.setenv("RINGUP_SECRET_KEY", "")

    settings = load_settings()

    assert (settings.database_url, settings.secret_key) == (None, None)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        pytest.param("RINGUP_PORT", "eighty", "RINGUP_PORT: Input should be a valid integer", id="not a number"),
        pytest.param("RINGUP_PORT", "70000", "RINGUP_PORT: Input should be less than", id="not a port"),
        pytest.param("RINGUP_POOL_SIZE_MAX", "0", "RINGUP_POOL_SIZE_MAX: Input", id="a pool of nothing"),
        pytest.param("RINGUP_LOG_LEVEL", "loud", "RINGUP_LOG_LEVEL: Input should be 'debug'", id="not a level"),
        pytest.param("RINGUP_DATABASE_URL", "mysql://a:hush@b/c", "must begin with postgresql://", id="not ours"),
        pytest.param("RINGUP_SECRET_KEY", "hush", "must be 32 bytes in base64, not 3", id="a short key"),
        pytest.param("RINGUP_SECRET_KEY", "hush!", "must be base64", id="not base64"),
    ],
)
def test_a_value_that_cannot_be_is_named_and_not_repeated(monkeypatch, name, value, message):
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsInvalid) as refused:
        load_settings()

    assert str(refused.value).startswith(f"{name}: ")
    assert message in str(refused.value)
    assert "hush" not in str(refused.value)


def test_all_that_is_wrong_is_said_at_once(monkeypatch):
    monkeypatch.setenv("RINGUP_PORT", "eighty")
    monkeypatch.setenv("RINGUP_LOG_LEVEL", "loud")

    with pytest.raises(SettingsInvalid) as refused:
        load_settings()

    assert len(str(refused.value).splitlines()) == 2


def test_the_key_may_be_set(monkeypatch, tmp_path):
    monkeypatch.setenv("RINGUP_SECRET_KEY", base64.urlsafe_b64encode(KEY).decode())
    monkeypatch.setenv("RINGUP_DATA_DIR", str(tmp_path))

    assert load_secret_key(load_settings()) == KEY
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_and_kept_from_others(tmp_path):
    settings = Settings(data_dir=tmp_path / "shop")

    first, second = load_secret_key(settings), load_secret_key(settings)

    assert first == second
    assert len(first) == 32
    assert stat.S_IMODE((tmp_path / "shop" / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["secret.key"]


def test_two_shops_have_two_keys(tmp_path):
    assert load_secret_key(Settings(data_dir=tmp_path / "a")) != load_secret_key(Settings(data_dir=tmp_path / "b"))


def test_a_damaged_key_file_is_not_replaced(tmp_path):
    (tmp_path / "secret.key").write_text("scribble")

    with pytest.raises(SecretUnreadable, match=r"secret\.key"):
        load_secret_key(Settings(data_dir=tmp_path))

    assert (tmp_path / "secret.key").read_text() == "scribble"

"""Settings: each is described in both languages; a value that cannot be used is refused, with its name, in both languages."""

from __future__ import annotations

import pytest

from graph_service.config import SettingDescription, Settings, describe_settings, get_settings
from graph_service.errors import SettingInvalid
from tests.languages import assert_languages, assert_own_language

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.mark.parametrize(
    ("name", "value", "zh"),
    [
        ("GRAPH_SERVICE_PORT", "x", "应为整数"),
        ("GRAPH_SERVICE_PORT", "99999", "不得大于 65535"),
        ("GRAPH_SERVICE_PORT", "-1", "不得小于 0"),
        ("GRAPH_SERVICE_STATEMENT_SECONDS", "x", "应为数字"),
        ("GRAPH_SERVICE_STATEMENT_SECONDS", "0", "应大于 0"),
        ("GRAPH_SERVICE_SIGN_IN", "yes", "应为 'off'、'required' 之一"),
        ("GRAPH_SERVICE_LOG", "xml", "应为 'auto'、'json'、'text' 之一"),
        ("GRAPH_SERVICE_HOSTS", "b.example:8000", "b.example:8000 不是主机名"),
        ("GRAPH_SERVICE_HOSTS", "a.example, https://b.example", "https://b.example 不是主机名"),
        ("GRAPH_SERVICE_HOSTS", "a.example b.example", "a.example b.example 不是主机名"),
        ("GRAPH_SERVICE_CORS", "https://a.example, b.example", "b.example 不是来源"),
        ("GRAPH_SERVICE_CORS", "https://a.example/page", "https://a.example/page 不是来源"),
    ],
)
def test_a_value_is_refused_in_each_language(name: str, value: str, zh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingInvalid) as error:
        get_settings()
    assert zh in error.value.message_zh
    assert name in error.value.message_en
    assert_own_language(error.value)


@pytest.mark.parametrize("name", ["GRAPH_SERVICE_HOSTS", "GRAPH_SERVICE_CORS"])
def test_a_list_with_full_width_commas_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "https://a.example，https://b.example")
    with pytest.raises(SettingInvalid, match="以半角逗号分隔"):
        get_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GRAPH_SERVICE_HOSTS", "fp.example.gov.cn, 10.0.0.1 , ::1,*"),
        ("GRAPH_SERVICE_CORS", "https://a.example, http://localhost:5173/, http://[::1]:8080, *"),
    ],
)
def test_a_list_of_names_is_taken(name: str, value: str) -> None:
    settings = Settings.model_validate({name: value})
    assert len((*settings.allowed_hosts, *settings.allowed_origins)) == 4


@pytest.mark.parametrize("name", ["NEO4J_PASSWORD_FILE", "GRAPH_SERVICE_OIDC_CLIENT_SECRET_FILE"])
def test_a_file_that_is_missing_is_refused_in_each_language(name: str) -> None:
    settings = Settings.model_validate({name: "/nowhere/secret"})
    read = settings.read_password if name.startswith("NEO4J") else settings.read_client_secret
    with pytest.raises(SettingInvalid, match="/nowhere/secret") as error:
        read()
    assert_own_language(error.value)


@pytest.mark.parametrize("setting", describe_settings(), ids=lambda setting: setting.name)
def test_a_setting_is_described_in_each_language(setting: SettingDescription) -> None:
    assert_languages(setting.zh, setting.en)
    assert setting.zh.endswith("。")
    assert setting.en.endswith(".")

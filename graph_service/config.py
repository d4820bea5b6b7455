"""Settings, from the environment only. Each is described in Chinese and English, from which the pages of the reference are generated."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph_service.errors import SettingInvalid, unreadable_setting_file

VALUE_REASONS_ZH = {
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "float_parsing": "应为数字",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "literal_error": "应为 {expected} 之一",
    "string_pattern_mismatch": "应符合格式 {pattern}",
    "host_name": "{value} 不是主机名，应如 fp.example.gov.cn，不带端口和 https://，多个以半角逗号分隔",
    "origin": "{value} 不是来源，应如 https://app.example，末尾不带路径，多个以半角逗号分隔",
}
"""Kind of a value that is refused → why, in Chinese."""
HOST_NAME = re.compile(r"\*|[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|[0-9A-Fa-f:]+")
ORIGIN = re.compile(r"\*|null|[a-z][a-z0-9+.-]*://([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:]+\])(:\d+)?/?")


def list_items(text: str) -> tuple[str, ...]:
    """Return the items of a list with commas."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _list_validator(pattern: re.Pattern[str], kind: str, message: str) -> Callable[[str], str]:
    """Return the validator of a list all of whose items match a pattern: another would never equal a name that clients send."""

    def validate(text: str) -> str:
        for item in list_items(text):
            if not pattern.fullmatch(item):
                raise PydanticCustomError(kind, message, {"value": item})
        return text

    return validate


@dataclass(frozen=True, slots=True)
class SettingDescription:
    """Description of a setting. `name`: that of its environment variable; `default`: empty where there is none."""

    name: str
    default: str
    zh: str
    en: str


class Settings(BaseSettings):
    """Settings of an installation. `neo4j_uri` empty = the embedded engine in `data_folder`."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True)

    neo4j_uri: str = Field(
        "",
        alias="NEO4J_URI",
        description="Neo4j 地址（neo4j://、bolt:// 及 +s）。留空则使用内嵌引擎。 / Address of Neo4j (neo4j://, bolt://, +s). If empty, the embedded engine is used.",
    )
    neo4j_username: str = Field("neo4j", alias="NEO4J_USERNAME", description="Neo4j 用户名。 / Neo4j user.")
    neo4j_password: str = Field(
        "",
        alias="NEO4J_PASSWORD",
        description="Neo4j 密码。本项留空且未设密码文件的，连接时不认证。 / Neo4j password. If empty and no password file is set, there is no authentication.",
        repr=False,
    )
    neo4j_password_file: Path | None = Field(
        None,
        alias="NEO4J_PASSWORD_FILE",
        description="Neo4j 密码文件，用于容器以 secret 方式提供密码。 / File with the Neo4j password, for container secrets.",
    )
    neo4j_database: str = Field("neo4j", alias="NEO4J_DATABASE", description="Neo4j 数据库名。 / Neo4j database.")
    data_folder: Path = Field(
        Path("var/data"),
        alias="GRAPH_SERVICE_DATA",
        description="数据目录，存放内嵌引擎和本服务的数据。 / Folder for the data of the embedded engine and of the service.",
    )
    statement_seconds: float = Field(
        30,
        gt=0,
        alias="GRAPH_SERVICE_STATEMENT_SECONDS",
        description="查询中单条语句的时限（秒）。 / Time limit for one statement of a query, in seconds.",
    )
    import_seconds: float = Field(
        600,
        gt=0,
        alias="GRAPH_SERVICE_IMPORT_SECONDS",
        description="导入或变更中单条语句的时限（秒）。 / Time limit for one statement of an import or change, in seconds.",
    )
    lease_seconds: float = Field(
        60,
        gt=0,
        alias="GRAPH_SERVICE_LEASE_SECONDS",
        description="导入或变更无心跳的时限（秒），超过后其他导入或变更可以接替。 / Time without a heartbeat after which another import or change can take over, in seconds.",
    )
    engine_memory: str = Field(
        "1g",
        pattern=r"^\d+[mg]$",
        alias="GRAPH_SERVICE_ENGINE_MEMORY",
        description="内嵌引擎的堆内存，如 1g 或 512m。 / Heap size of the embedded engine, such as 1g or 512m.",
    )
    key_file: Path | None = Field(
        None,
        alias="GRAPH_SERVICE_KEY_FILE",
        description="密钥文件，用于加密封存库中的证件号码和电话。每行一个密钥（64 字节，base64 编码），现用密钥在首行。留空则不加密。 / File with the keys (64 bytes in base64, one a line, the current one first) that encrypt ID and telephone numbers in the store. If empty, they are not encrypted.",
    )
    host: str = Field(
        "127.0.0.1", alias="GRAPH_SERVICE_HOST", description="`serve` 的监听地址。 / Address on which `serve` listens."
    )
    port: int = Field(
        8000,
        ge=0,
        le=65535,
        alias="GRAPH_SERVICE_PORT",
        description="`serve` 的监听端口。 / Port on which `serve` listens.",
    )
    max_body_bytes: int = Field(
        1_000_000,
        gt=0,
        alias="GRAPH_SERVICE_BODY_BYTES",
        description="请求体的大小上限（字节）。 / Maximum size of a request body, in bytes.",
    )

    max_upload_bytes: int = Field(
        200_000_000,
        gt=0,
        alias="GRAPH_SERVICE_UPLOAD_BYTES",
        description="上传文件（`importRegister`）的总大小上限（字节）。 / Maximum size of uploaded files (`importRegister`), in bytes.",
    )
    max_concurrent: int = Field(
        16,
        gt=0,
        le=1000,
        alias="GRAPH_SERVICE_CONCURRENT",
        description="每个进程同时执行的查询数。超出的最多 100 个排队等待，最长 5 秒；其余返回 503。 / Number of queries that a process runs at the same time. Up to 100 more wait for up to 5 s; others are refused with status 503.",
    )
    max_cost: int = Field(
        250_000,
        gt=0,
        alias="GRAPH_SERVICE_COST",
        description="单次操作的开销上限。开销为应答中的对象数与所查区划的行政村数之和。 / Maximum cost of an operation: number of objects in its answer plus number of villages in the requested areas.",
    )
    role_cost: str = Field(
        "",
        alias="GRAPH_SERVICE_ROLE_COST",
        description="另设额度的角色，其单次操作的开销上限，如 FRONT_END=50000,AUDITOR=500000。一人有多个角色的，取最高者。 / Maximum cost of an operation for roles that have their own, such as FRONT_END=50000,AUDITOR=500000. Of several roles of a user, the highest counts.",
    )
    cost_per_minute: int = Field(
        10_000_000,
        ge=0,
        alias="GRAPH_SERVICE_COST_PER_MINUTE",
        description="每个用户每分钟的开销上限，超过后返回 429。各服务进程分别计算。设为 0 则不限。 / Maximum cost of all operations of a user within a minute; then status 429. It counts in each server process by itself. 0: no limit.",
    )
    role_cost_per_minute: str = Field(
        "",
        alias="GRAPH_SERVICE_ROLE_COST_PER_MINUTE",
        description="另设额度的角色，其每分钟的开销上限，如 FRONT_END=2000000。 / Maximum cost within a minute for roles that have their own, such as FRONT_END=2000000.",
    )
    requests_per_minute: int = Field(
        6_000,
        ge=0,
        alias="GRAPH_SERVICE_REQUESTS_PER_MINUTE",
        description="每个用户每分钟的请求次数上限，各服务进程分别计算。未启用登录时按地址计算，本机不限。设为 0 则不限。 / Maximum number of requests of a user within a minute, in each server process; without sign-in, of an address other than loopback. 0: no limit.",
    )
    failed_sign_ins: int = Field(
        20,
        ge=0,
        alias="GRAPH_SERVICE_FAILED_SIGN_INS",
        description="同一地址一分钟内令牌或接口密钥错误的次数上限，超过后不再核对该地址新的令牌和密钥。设为 0 则不限。 / Number of wrong tokens or API keys of an address within a minute, after which new ones are not checked. 0: no limit.",
    )
    user_connections: int = Field(
        200,
        gt=0,
        alias="GRAPH_SERVICE_USER_CONNECTIONS",
        description="每个用户同时打开的 WebSocket 连接数上限，各服务进程分别计算。 / Maximum number of WebSocket connections of a user, in each server process.",
    )
    user_subscriptions: int = Field(
        500,
        gt=0,
        alias="GRAPH_SERVICE_USER_SUBSCRIPTIONS",
        description="每个用户同时打开的订阅数上限，WebSocket 和 SSE 合并计算，各服务进程分别计算。 / Maximum number of subscriptions of a user, over WebSocket and server-sent events, in each server process.",
    )
    documents: str = Field(
        "",
        alias="GRAPH_SERVICE_DOCUMENTS",
        description="受信文档清单（JSON），由 graphql-codegen、Apollo 或 Relay 生成，多个文件以半角逗号分隔。服务启动时读取。 / Comma-separated manifests of trusted documents (JSON), as graphql-codegen, Apollo or Relay write them. They are read at the start.",
    )
    only_documents: Literal["off", "required"] = Field(
        "off",
        alias="GRAPH_SERVICE_ONLY_DOCUMENTS",
        description="`required`：只执行受信文档，控制台的示例和导出照常可用；`off`：不限文档。 / `required`: only trusted documents are served, and the examples of the console and exports. `off`: any document.",
    )

    hosts: Annotated[
        str,
        AfterValidator(
            _list_validator(
                HOST_NAME,
                "host_name",
                "{value} is not a host name such as fp.example.gov.cn, without port and https://; separate several by commas",
            )
        ),
    ] = Field(
        "",
        alias="GRAPH_SERVICE_HOSTS",
        description="访问本服务可用的主机名，如 fp.example.gov.cn，多个以半角逗号分隔。本机名称始终可用；设为 `*` 则不限。 / Comma-separated host names by which clients may address the service, such as fp.example.gov.cn. Loopback names are always accepted; * accepts any.",
    )
    sign_in: Literal["off", "required"] = Field(
        "off",
        alias="GRAPH_SERVICE_SIGN_IN",
        description="`required`：每个请求都须有会话、令牌或接口密钥；`off`：能连到端口的人可查看并更改全部数据。设置了 OpenID Connect 签发方的，一律须登录。 / `required`: every request needs a session, a token or an API key. `off`: whoever reaches the port may do everything. With an OpenID Connect issuer it is always required.",
    )
    oidc_issuer: str = Field(
        "",
        alias="GRAPH_SERVICE_OIDC_ISSUER",
        description="OpenID Connect 签发方地址，如 `https://id.example.gov.cn/realms/fp`。留空则不使用单点登录。 / Issuer of OpenID Connect, such as https://id.example.gov.cn/realms/fp. Empty: no single sign-on.",
    )
    oidc_client_id: str = Field(
        "",
        alias="GRAPH_SERVICE_OIDC_CLIENT_ID",
        description="在签发方登记的客户端标识（client ID）。 / Client id at the issuer.",
    )
    oidc_client_secret_file: Path | None = Field(
        None,
        alias="GRAPH_SERVICE_OIDC_CLIENT_SECRET_FILE",
        description="客户端密钥文件。留空则为公开客户端，只用 PKCE。 / File with the client secret. Empty: a public client, by PKCE alone.",
    )
    oidc_scopes: str = Field(
        "openid profile",
        alias="GRAPH_SERVICE_OIDC_SCOPES",
        description="登录时申请的范围（scope），以空格分隔。 / Scopes to request, separated by blanks.",
    )
    oidc_audience: str = Field(
        "",
        alias="GRAPH_SERVICE_OIDC_AUDIENCE",
        description="Bearer 令牌须指明的受众（audience）。留空则为客户端标识。 / Audience that bearer tokens must name. Empty: the client id.",
    )
    oidc_seconds: float = Field(
        10,
        gt=0,
        alias="GRAPH_SERVICE_OIDC_SECONDS",
        description="每次访问签发方的时限（秒）。 / Time limit for a request to the issuer, in seconds.",
    )
    oidc_user_claim: str = Field(
        "sub",
        alias="GRAPH_SERVICE_OIDC_USER_CLAIM",
        description="令牌中的用户标识项，授权和日志以此区分用户。 / Claim that identifies the user in grants and logs.",
    )
    oidc_name_claim: str = Field(
        "name",
        alias="GRAPH_SERVICE_OIDC_NAME_CLAIM",
        description="令牌中的用户姓名项，用于显示。 / Claim with the name of the user to show.",
    )
    oidc_roles_claim: str = Field(
        "",
        alias="GRAPH_SERVICE_OIDC_ROLES_CLAIM",
        description="令牌中的角色项，取值如 official；位于下级对象的，以点分隔，如 realm_access.roles。留空则只在本服务授予角色。 / Claim with the roles of the user, such as official; dots lead into objects (realm_access.roles). Empty: roles are granted in the service alone.",
    )
    oidc_areas_claim: str = Field(
        "",
        alias="GRAPH_SERVICE_OIDC_AREAS_CLAIM",
        description="令牌中的区划项，列出令牌中各角色适用的区划代码。没有区划的，令牌中的角色不起作用。 / Claim with the codes of the areas in which these roles hold. Without it, roles of the claim hold nowhere.",
    )
    public_url: str = Field(
        "",
        alias="GRAPH_SERVICE_PUBLIC_URL",
        description="浏览器访问本服务的地址，如 `https://fp.example.gov.cn`。留空则以请求的地址为准。 / Address of the service as browsers see it, such as https://fp.example.gov.cn. Empty: that of the request.",
    )
    session_minutes: int = Field(
        480,
        gt=0,
        alias="GRAPH_SERVICE_SESSION_MINUTES",
        description="登录后会话的时长（分钟）。 / Duration of a session after sign-in, in minutes.",
    )
    approval: str = Field(
        "",
        alias="GRAPH_SERVICE_APPROVAL",
        description="须由第二人审批的变更：imports（导入）、dividends（分红）、redistributions（股权再分配）、waivers（豁免）、grants（授权），多项以半角逗号分隔。须先启用登录。 / Comma-separated changes that wait until a second person approves them: imports, dividends, redistributions, waivers, grants. Requires sign-in.",
    )
    audit_anchor: Path | None = Field(
        None,
        alias="GRAPH_SERVICE_AUDIT_ANCHOR",
        description="审计日志的锚点文件，每记一条，即追加其序号和校验值。应放在数据目录管理员不能改写之处，如只能追加的挂载目录；更换位置时，先复制原文件。留空则放在数据目录。 / File to which the head of the audit log is appended after every entry. Keep it where the data folder's administrators cannot write, such as an append-only mount. To move it, copy the file first. If empty, it is in the data folder.",
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto",
        alias="GRAPH_SERVICE_LOG",
        description="`serve` 写到标准错误的日志格式：`json`、`text`（文本）或 `auto`（终端上为文本，否则为 JSON）。 / Format of the lines that `serve` logs on standard error: `json`, `text`, or `auto`: text on a terminal, JSON otherwise.",
    )
    metrics: Literal["on", "off"] = Field(
        "on",
        alias="GRAPH_SERVICE_METRICS",
        description="`on`：/metrics 只应答有“监控系统”角色的调用者，未启用登录时只应答本机；`off`：不提供运行指标。 / `on`: /metrics answers callers with the role of a monitoring system; without sign-in, this machine alone. `off`: it answers nobody.",
    )
    otlp_url: str = Field(
        "",
        alias="GRAPH_SERVICE_OTLP",
        description="以 OTLP（HTTP）接收链路追踪记录的地址，如 `http://127.0.0.1:4318/v1/traces`，须安装 `graph-service[otel]`。留空则不保存链路追踪记录。 / Address to which spans are sent by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; needs `graph-service[otel]`. Empty: no spans are kept.",
    )
    cors_origins: Annotated[
        str,
        AfterValidator(
            _list_validator(
                ORIGIN,
                "origin",
                "{value} is not an origin such as https://app.example, without a path; separate several by commas",
            )
        ),
    ] = Field(
        "",
        alias="GRAPH_SERVICE_CORS",
        description="允许访问本服务的其他前端来源（origin），如 `https://app.example`，多个以半角逗号分隔。留空则只限本服务的页面，设为 `*` 则不限。 / Comma-separated origins of other front ends, such as https://app.example. Empty: only our own pages. *: any origin.",
    )

    @property
    def requires_sign_in(self) -> bool:
        """Tell whether callers must be known."""
        return self.sign_in == "required" or bool(self.oidc_issuer)

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Return the host names by which the service may be addressed besides loopback names."""
        return tuple(host.lower() for host in list_items(self.hosts))

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Return the origins whose pages may send requests."""
        return tuple(origin.rstrip("/") for origin in list_items(self.cors_origins))

    @property
    def document_paths(self) -> tuple[Path, ...]:
        """Return the manifests of trusted documents."""
        return tuple(map(Path, list_items(self.documents)))

    @property
    def is_public_address_secure(self) -> bool:
        """Tell whether browsers see the service by HTTPS."""
        return self.public_url.lower().startswith("https:")

    def read_client_secret(self) -> str:
        """Return the client secret from its file; empty for a public client. Raise `SettingInvalid` where the file cannot be read."""
        if self.oidc_client_secret_file is None:
            return ""
        try:
            return self.oidc_client_secret_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise unreadable_setting_file(
                "GRAPH_SERVICE_OIDC_CLIENT_SECRET_FILE", self.oidc_client_secret_file, error
            ) from error

    def read_password(self) -> str:
        """Return the password, from its file where one is set. Raise `SettingInvalid` where the file cannot be read."""
        if self.neo4j_password_file is None:
            return self.neo4j_password
        try:
            return self.neo4j_password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise unreadable_setting_file("NEO4J_PASSWORD_FILE", self.neo4j_password_file, error) from error


def describe_settings() -> list[SettingDescription]:
    """Return the settings in the order of their declaration."""
    descriptions = []
    for field in Settings.model_fields.values():
        zh, _, en = (field.description or "").partition(" / ")
        default = "" if field.default is None else str(field.default)
        descriptions.append(SettingDescription(field.alias or "", default, zh, en))
    return descriptions


@cache
def get_settings() -> Settings:
    """Return the process's settings, read once. Raise `SettingInvalid` with the name of the variable."""
    try:
        return Settings.model_validate({})
    except ValidationError as error:
        first_error = error.errors()[0]
        # Names between quotation marks stand as they are; the words between them are those of a list.
        context = {
            key: str(value).replace(", ", "、").replace(" or ", "、")
            for key, value in first_error.get("ctx", {}).items()
        }
        raise SettingInvalid(
            name=first_error["loc"][0],
            reason_zh=VALUE_REASONS_ZH.get(first_error["type"], "取值无效").format(**context),
            reason_en=first_error["msg"],
        ) from error

"""Settings, from the environment only. Each has a row in the README's table; a test keeps both equal."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
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
}
"""Kind of a value that is refused → why, in Chinese."""


class Settings(BaseSettings):
    """Settings of an installation. `neo4j_uri` empty = the embedded engine in `data_folder`."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True)

    neo4j_uri: str = Field(
        "",
        alias="NEO4J_URI",
        description="Address of Neo4j (neo4j://, bolt://, +s). If empty, the embedded engine is used.",
    )
    neo4j_username: str = Field("neo4j", alias="NEO4J_USERNAME", description="Neo4j user.")
    neo4j_password: str = Field(
        "",
        alias="NEO4J_PASSWORD",
        description="Neo4j password. If empty and no password file is set, there is no authentication.",
        repr=False,
    )
    neo4j_password_file: Path | None = Field(
        None, alias="NEO4J_PASSWORD_FILE", description="File with the Neo4j password, for container secrets."
    )
    neo4j_database: str = Field("neo4j", alias="NEO4J_DATABASE", description="Neo4j database.")
    data_folder: Path = Field(
        Path("var/data"),
        alias="GRAPH_SERVICE_DATA",
        description="Folder for the data of the embedded engine and of the service.",
    )
    statement_seconds: float = Field(
        30,
        gt=0,
        alias="GRAPH_SERVICE_STATEMENT_SECONDS",
        description="Time limit for one statement of a query, in seconds.",
    )
    import_seconds: float = Field(
        600,
        gt=0,
        alias="GRAPH_SERVICE_IMPORT_SECONDS",
        description="Time limit for one statement of an import or change, in seconds.",
    )
    lease_seconds: float = Field(
        60,
        gt=0,
        alias="GRAPH_SERVICE_LEASE_SECONDS",
        description="Time without a heartbeat after which another import or change can take over, in seconds.",
    )
    engine_memory: str = Field(
        "1g",
        pattern=r"^\d+[mg]$",
        alias="GRAPH_SERVICE_ENGINE_MEMORY",
        description="Heap size of the embedded engine, such as 1g or 512m.",
    )
    key_file: Path | None = Field(
        None,
        alias="GRAPH_SERVICE_KEY_FILE",
        description="File with the keys (64 bytes in base64, one a line, the current one first) that encrypt ID and telephone numbers in the store. If empty, they are not encrypted.",
    )
    host: str = Field("127.0.0.1", alias="GRAPH_SERVICE_HOST", description="Address on which `serve` listens.")
    port: int = Field(8000, ge=0, le=65535, alias="GRAPH_SERVICE_PORT", description="Port on which `serve` listens.")
    max_body_bytes: int = Field(
        1_000_000, gt=0, alias="GRAPH_SERVICE_BODY_BYTES", description="Maximum size of a request body, in bytes."
    )

    max_upload_bytes: int = Field(
        200_000_000,
        gt=0,
        alias="GRAPH_SERVICE_UPLOAD_BYTES",
        description="Maximum size of uploaded files (`importRegister`), in bytes.",
    )
    max_concurrent: int = Field(
        16,
        gt=0,
        le=1000,
        alias="GRAPH_SERVICE_CONCURRENT",
        description="Number of queries that a process runs at the same time. Up to 100 more wait for up to 5 s; others are refused with status 503.",
    )
    max_cost: int = Field(
        250_000,
        gt=0,
        alias="GRAPH_SERVICE_COST",
        description="Maximum cost of an operation: number of objects in its answer plus number of villages in the requested areas.",
    )
    role_cost: str = Field(
        "",
        alias="GRAPH_SERVICE_ROLE_COST",
        description="Maximum cost of an operation for roles that have their own, such as FRONT_END=50000,AUDITOR=500000. Of several roles of a user, the highest counts.",
    )
    cost_per_minute: int = Field(
        10_000_000,
        ge=0,
        alias="GRAPH_SERVICE_COST_PER_MINUTE",
        description="Maximum cost of all operations of a user within a minute; then status 429. It counts in each server process by itself. 0: no limit.",
    )
    role_cost_per_minute: str = Field(
        "",
        alias="GRAPH_SERVICE_ROLE_COST_PER_MINUTE",
        description="Maximum cost within a minute for roles that have their own, such as FRONT_END=2000000.",
    )
    requests_per_minute: int = Field(
        6_000,
        ge=0,
        alias="GRAPH_SERVICE_REQUESTS_PER_MINUTE",
        description="Maximum number of requests of a user within a minute, in each server process; without sign-in, of an address other than loopback. 0: no limit.",
    )
    failed_sign_ins: int = Field(
        20,
        ge=0,
        alias="GRAPH_SERVICE_FAILED_SIGN_INS",
        description="Number of wrong tokens or API keys of an address within a minute, after which new ones are not checked. 0: no limit.",
    )
    user_connections: int = Field(
        200,
        gt=0,
        alias="GRAPH_SERVICE_USER_CONNECTIONS",
        description="Maximum number of WebSocket connections of a user.",
    )
    user_subscriptions: int = Field(
        500,
        gt=0,
        alias="GRAPH_SERVICE_USER_SUBSCRIPTIONS",
        description="Maximum number of subscriptions of a user, over WebSocket and server-sent events.",
    )
    documents: str = Field(
        "",
        alias="GRAPH_SERVICE_DOCUMENTS",
        description="Comma-separated manifests of trusted documents (JSON), as graphql-codegen, Apollo or Relay write them. They are read at the start.",
    )
    only_documents: Literal["off", "required"] = Field(
        "off",
        alias="GRAPH_SERVICE_ONLY_DOCUMENTS",
        description="`required`: only trusted documents are served, and the examples of the console and exports. `off`: any document.",
    )

    hosts: str = Field(
        "",
        alias="GRAPH_SERVICE_HOSTS",
        description="Comma-separated host names by which clients may address the service, such as fp.example.gov.cn. Loopback names are always accepted; * accepts any.",
    )
    sign_in: Literal["off", "required"] = Field(
        "off",
        alias="GRAPH_SERVICE_SIGN_IN",
        description="`required`: every request needs a session, a token or an API key. `off`: whoever reaches the port may do everything. With an OpenID Connect issuer it is always required.",
    )
    oidc_issuer: str = Field(
        "",
        alias="GRAPH_SERVICE_OIDC_ISSUER",
        description="Issuer of OpenID Connect, such as https://id.example.gov.cn/realms/fp. Empty: no single sign-on.",
    )
    oidc_client_id: str = Field("", alias="GRAPH_SERVICE_OIDC_CLIENT_ID", description="Client id at the issuer.")
    oidc_client_secret_file: Path | None = Field(
        None,
        alias="GRAPH_SERVICE_OIDC_CLIENT_SECRET_FILE",
        description="File with the client secret. Empty: a public client, by PKCE alone.",
    )
    oidc_scopes: str = Field(
        "openid profile", alias="GRAPH_SERVICE_OIDC_SCOPES", description="Scopes to request, separated by blanks."
    )
    oidc_audience: str = Field(
        "",
        alias="GRAPH_SERVICE_OIDC_AUDIENCE",
        description="Audience that bearer tokens must name. Empty: the client id.",
    )
    oidc_seconds: float = Field(
        10, gt=0, alias="GRAPH_SERVICE_OIDC_SECONDS", description="Time limit for a request to the issuer, in seconds."
    )
    oidc_user_claim: str = Field(
        "sub", alias="GRAPH_SERVICE_OIDC_USER_CLAIM", description="Claim that identifies the user in grants and logs."
    )
    oidc_name_claim: str = Field(
        "name", alias="GRAPH_SERVICE_OIDC_NAME_CLAIM", description="Claim with the name of the user to show."
    )
    oidc_roles_claim: str = Field(
        "",
        alias="GRAPH_SERVICE_OIDC_ROLES_CLAIM",
        description="Claim with the roles of the user, such as official; dots lead into objects (realm_access.roles). Empty: roles are granted in the service alone.",
    )
    oidc_areas_claim: str = Field(
        "",
        alias="GRAPH_SERVICE_OIDC_AREAS_CLAIM",
        description="Claim with the codes of the areas in which these roles hold. Without it, roles of the claim hold nowhere.",
    )
    public_url: str = Field(
        "",
        alias="GRAPH_SERVICE_PUBLIC_URL",
        description="Address of the service as browsers see it, such as https://fp.example.gov.cn. Empty: that of the request.",
    )
    session_minutes: int = Field(
        480, gt=0, alias="GRAPH_SERVICE_SESSION_MINUTES", description="Duration of a session after sign-in, in minutes."
    )
    approval: str = Field(
        "",
        alias="GRAPH_SERVICE_APPROVAL",
        description="Comma-separated changes that wait until a second person approves them: imports, dividends, redistributions, waivers, grants. Requires sign-in.",
    )
    audit_anchor: Path | None = Field(
        None,
        alias="GRAPH_SERVICE_AUDIT_ANCHOR",
        description="File to which the head of the audit log is appended after every entry. Keep it where the data folder's administrators cannot write, such as an append-only mount. To move it, copy the file first. If empty, it is in the data folder.",
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto",
        alias="GRAPH_SERVICE_LOG",
        description="Format of the lines that `serve` logs on standard error: `json`, `text`, or `auto`: text on a terminal, JSON otherwise.",
    )
    metrics: Literal["on", "off"] = Field(
        "on",
        alias="GRAPH_SERVICE_METRICS",
        description="`on`: /metrics answers callers with the role of a monitoring system; without sign-in, this machine alone. `off`: it answers nobody.",
    )
    otlp_url: str = Field(
        "",
        alias="GRAPH_SERVICE_OTLP",
        description="Address to which spans are sent by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; needs `graph-service[otel]`. Empty: no spans are kept.",
    )
    cors_origins: str = Field(
        "",
        alias="GRAPH_SERVICE_CORS",
        description="Comma-separated origins of other front ends, such as https://app.example. Empty: only our own pages. *: any origin.",
    )

    @property
    def requires_sign_in(self) -> bool:
        """Tell whether callers must be known."""
        return self.sign_in == "required" or bool(self.oidc_issuer)

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Return the host names by which the service may be addressed besides loopback names."""
        return tuple(host.strip().lower() for host in self.hosts.split(",") if host.strip())

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Return the origins whose pages may send requests."""
        return tuple(origin.strip().rstrip("/") for origin in self.cors_origins.split(",") if origin.strip())

    @property
    def document_paths(self) -> tuple[Path, ...]:
        """Return the manifests of trusted documents."""
        return tuple(Path(path.strip()) for path in self.documents.split(",") if path.strip())

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

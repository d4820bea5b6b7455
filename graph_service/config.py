"""Settings, from the environment only. Each has a row in the README's table; a test keeps both equal."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph_service.errors import SettingInvalid


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
        description="File with the key (64 bytes, base64) that encrypts ID and telephone numbers in the store. If empty, they are not encrypted.",
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

    cors_origins: str = Field(
        "",
        alias="GRAPH_SERVICE_CORS",
        description="Comma-separated origins of other front ends, such as https://app.example. Empty: only our own pages. *: any origin.",
    )

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Return the origins whose pages may send requests."""
        return tuple(origin.strip().rstrip("/") for origin in self.cors_origins.split(",") if origin.strip())

    def read_password(self) -> str:
        """Return the password, from its file where one is set. Raise `SettingInvalid` where the file cannot be read."""
        if self.neo4j_password_file is None:
            return self.neo4j_password
        try:
            return self.neo4j_password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingInvalid(name="NEO4J_PASSWORD_FILE", reason=error) from error


@cache
def get_settings() -> Settings:
    """Return the process's settings, read once. Raise `SettingInvalid` with the name of the variable."""
    try:
        return Settings.model_validate({})
    except ValidationError as error:
        first_error = error.errors()[0]
        raise SettingInvalid(name=first_error["loc"][0], reason=first_error["msg"]) from error

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
        "", alias="NEO4J_URI", description="Address of Neo4j (neo4j://, bolt://, +s). Empty: the embedded engine."
    )
    neo4j_username: str = Field("neo4j", alias="NEO4J_USERNAME", description="User.")
    neo4j_password: str = Field(
        "", alias="NEO4J_PASSWORD", description="Password. Empty, and no file: no authentication.", repr=False
    )
    neo4j_password_file: Path | None = Field(
        None, alias="NEO4J_PASSWORD_FILE", description="File that holds the password (for container secrets)."
    )
    neo4j_database: str = Field("neo4j", alias="NEO4J_DATABASE", description="Database.")
    data_folder: Path = Field(
        Path("var/data"),
        alias="GRAPH_SERVICE_DATA",
        description="Folder of the embedded engine and of what the service keeps.",
    )
    statement_seconds: float = Field(
        30, gt=0, alias="GRAPH_SERVICE_STATEMENT_SECONDS", description="Time limit of one statement of a question."
    )
    import_seconds: float = Field(
        600,
        gt=0,
        alias="GRAPH_SERVICE_IMPORT_SECONDS",
        description="Time limit of one statement of an import or change.",
    )
    lease_seconds: float = Field(
        60,
        gt=0,
        alias="GRAPH_SERVICE_LEASE_SECONDS",
        description="After so long without a sign of life of an import or change another one may take over from it.",
    )
    engine_memory: str = Field(
        "1g", pattern=r"^\d+[mg]$", alias="GRAPH_SERVICE_ENGINE_MEMORY", description="Heap of the embedded engine."
    )
    key_file: Path | None = Field(
        None,
        alias="GRAPH_SERVICE_KEY_FILE",
        description="File with the key (64 bytes, base64) that seals ID documents, accounts and telephones in the store. Empty: they are kept as they are.",
    )
    host: str = Field("127.0.0.1", alias="GRAPH_SERVICE_HOST", description="Address that `serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, alias="GRAPH_SERVICE_PORT", description="Port that `serve` listens on.")
    max_body_bytes: int = Field(
        1_000_000, gt=0, alias="GRAPH_SERVICE_BODY_BYTES", description="Largest body of a request."
    )

    max_upload_bytes: int = Field(
        200_000_000, gt=0, alias="GRAPH_SERVICE_UPLOAD_BYTES", description="Largest upload of files: `importRegister`."
    )
    max_concurrent: int = Field(
        16,
        gt=0,
        le=1000,
        alias="GRAPH_SERVICE_CONCURRENT",
        description="How many questions a process answers side by side; others wait, at most 5 s and 100 of them, or are told to come again (503).",
    )
    max_cost: int = Field(
        250_000,
        gt=0,
        alias="GRAPH_SERVICE_COST",
        description="How many objects the answer of one operation may hold, together with the villages of the areas that it asks for.",
    )

    cors_origins: str = Field(
        "",
        alias="GRAPH_SERVICE_CORS",
        description="Origins of front ends elsewhere, by commas: https://app.example. Empty: only our own pages; *: any.",
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

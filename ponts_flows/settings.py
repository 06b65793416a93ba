"""What the machine and the association decide, read once from the environment (`PONTS_…`)."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ponts_flows.errors import SettingsError
from ponts_flows.mail.tokens import Keys
from ponts_flows.programme import SHIPPED, Programme
from ponts_flows.programme_file import read as read_programme
from ponts_flows.secrecy import must_be_private

_SECRETS = ("PONTS_SECRET", "PONTS_OLD_SECRETS", "PONTS_DATABASE_URL")


class Settings(BaseSettings):
    """The settings of one installation; each is an environment variable, or a line of `.env`, named `PONTS_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="PONTS_", env_file=".env", frozen=True, extra="ignore")

    directory: Path = Field(default=Path(".ponts"), description="where local files are kept")
    database_url: SecretStr | None = Field(
        default=None, description="the ledger; a file in the directory by default"
    )
    google_credentials_file: Path | None = Field(default=None, description="key file of the service account")
    google_root: str | None = Field(default=None, description="address of the sandbox; none: Google itself")
    programme_file: Path = Field(
        default=SHIPPED, description="whose programme it is, and what its charter says"
    )
    mailbox: str = Field(
        default_factory=lambda known: read_programme(known["programme_file"]).mailbox,
        description="the programme's mailbox, where it is not the one of its file",
    )
    coordinators: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="addresses, separated by commas"
    )
    secret: SecretStr | None = Field(
        default=None, description="current secret of references and links, 16 characters at least"
    )
    secret_id: str = Field(default="a", description="name of the current secret")
    old_secrets: SecretStr | None = Field(
        default=None, description="earlier secrets still honoured, as id:secret,id:secret"
    )
    production: bool = Field(default=False, description="mail may go to anyone")
    allow_list: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="outside production: addresses and @domains that mail may go to"
    )
    trial_to: str = Field(
        default="", description="outside production: who gets the mail of those that are not on the list"
    )
    workers: int = Field(
        default=1, ge=1, le=20, description="processes that share Google's limits a minute between them"
    )
    resolver: str = Field(
        default="", description="whom `ponts doctor` asks about the domain; none: the machine's own"
    )
    dkim_selector: str = Field(default="google", description="under which name the domain's DKIM key is")
    least_disk: int = Field(default=500, ge=0, description="MB that must be free where the ledger is kept")
    # Prefect's own settings, under its own names, for the doctor alone.
    prefect_api_url: str = Field(default="", validation_alias="PREFECT_API_URL")
    prefect_api_auth_string: SecretStr | None = Field(
        default=None, validation_alias="PREFECT_API_AUTH_STRING"
    )
    log_level: str = "INFO"

    @field_validator("coordinators", "allow_list", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @cached_property
    def ledger_url(self) -> str:
        """The database URL of the ledger."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.directory.resolve() / 'ledger.db'}"

    @cached_property
    def credentials(self) -> Path:
        """The service account's key file; SettingsError when none is given."""
        if self.google_credentials_file is not None:
            must_be_private(self.google_credentials_file, "The key file of the service account")
            return self.google_credentials_file
        raise SettingsError(
            "No Google credentials. Give the key file of the service account in PONTS_GOOGLE_CREDENTIALS_FILE, "
            "or try everything locally with `make run`."
        )

    @cached_property
    def keys(self) -> Keys:
        """The secrets behind references, reply addresses and links."""
        if self.secret is None or not self.secret.get_secret_value():
            raise SettingsError(
                "No secret. Put a long random text in PONTS_SECRET and keep it, for instance the output of: "
                "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        secrets = {self.secret_id: self.secret.get_secret_value().encode()}
        for pair in self.old_secrets.get_secret_value().split(",") if self.old_secrets else ():
            id, _, secret = pair.partition(":")
            if secrets.setdefault(id.strip(), secret.strip().encode()) != secret.strip().encode():
                raise SettingsError(
                    f"Two secrets have the name {id.strip()!r}. Give the new one a name of its own in PONTS_SECRET_ID; "
                    "the earlier ones keep theirs in PONTS_OLD_SECRETS."
                )
        return Keys(current=self.secret_id, secrets=secrets)

    @property
    def trial(self) -> bool:
        """Whether mail goes to an allow-list alone: outside production; in the sandbox, only where one is given."""
        return not self.production and (self.google_root is None or bool(self.allow_list or self.trial_to))

    def may_write_to(self, address: str) -> bool:
        """Whether mail may go to an address: to anyone but in a trial, and then to the allow-list."""
        if not self.trial:
            return True
        allowed, address = {one.casefold() for one in self.allow_list}, address.casefold()
        return address in allowed or "@" + address.rpartition("@")[2] in allowed

    @cached_property
    def programme(self) -> Programme:
        """The programme of its file, with this installation's mailbox."""
        return replace(read_programme(self.programme_file), mailbox=self.mailbox)


def load(**given: Any) -> Settings:
    """The settings, or a SettingsError that names what is wrong and never shows a value."""
    if any(line.partition("=")[0].strip().upper() in _SECRETS for line in _lines_of(Path(".env"))):
        must_be_private(Path(".env"), "The file .env, which holds a secret,")
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = "; ".join(f"PONTS_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"Wrong settings. {wrong}") from None


def _lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8", "replace").splitlines() if path.is_file() else []

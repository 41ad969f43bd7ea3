"""Settings from the environment (`VTH_*`); the table in the docs is generated from here."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.crypto import Vault
from shared.setting_values import DIFFERENT_BYTES, is_private_to_us, key_of, keys_of

SERVICES = ("intake", "risk", "enforcement", "reporting")
ServiceName = Literal["intake", "risk", "enforcement", "reporting"]


class Settings(BaseSettings):
    """Everything that differs between installations."""

    model_config = SettingsConfigDict(env_prefix="VTH_", frozen=True, extra="ignore")

    environment: Literal["local", "test", "production"] = Field(
        "local", description="local en test hebben een eigen tokenuitgever; production nooit"
    )
    database_url: SecretStr = Field(
        SecretStr("postgresql://postgres@127.0.0.1:5432"),
        description="PostgreSQL-server zonder databasenaam; elke dienst heeft vth_<dienst>",
    )
    database_password_intake: SecretStr | None = Field(
        None, description="Wachtwoord van de rol vth_intake; leeg: dat van de URL"
    )
    database_password_risk: SecretStr | None = Field(
        None, description="Wachtwoord van de rol vth_risk; leeg: dat van de URL"
    )
    database_password_enforcement: SecretStr | None = Field(
        None, description="Wachtwoord van de rol vth_enforcement; leeg: dat van de URL"
    )
    database_password_reporting: SecretStr | None = Field(
        None, description="Wachtwoord van de rol vth_reporting; leeg: dat van de URL"
    )
    database_password_events: SecretStr | None = Field(
        None, description="Wachtwoord van de rol vth_events; leeg: dat van de URL"
    )
    database_password_sessions: SecretStr | None = Field(
        None, description="Wachtwoord van de rol vth_sessions; leeg: dat van de URL"
    )
    pool_size: int = Field(8, ge=1, le=100, description="Databaseverbindingen per proces")
    transport: Literal["postgres", "kafka"] = Field(
        "postgres", description="Waarover gebeurtenissen gaan"
    )
    kafka_bootstrap_servers: str = Field(
        "127.0.0.1:9092", description="Kafka-brokers, gescheiden door komma's"
    )
    kafka_security: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = Field(
        "plaintext", description="Beveiliging van de verbinding met Kafka"
    )
    kafka_network_is_closed: bool = Field(
        False,
        description="Op het netwerk van Kafka kan niemand anders: onversleuteld verkeer mag daar, "
        "ook in productie",
    )
    kafka_ca_file: Path | None = Field(
        None, description="Certificaten (PEM) die Kafka mag tonen; leeg: die van het systeem"
    )
    kafka_cert_file: Path | None = Field(
        None, description="Eigen certificaat (PEM) voor Kafka met wederzijdse TLS"
    )
    kafka_key_file: Path | None = Field(None, description="Sleutel (PEM) bij dat certificaat")
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="Wijze van aanmelden bij Kafka (SASL)"
    )
    kafka_username: str = Field("", description="Gebruiker bij Kafka (SASL)")
    kafka_password: SecretStr = Field(SecretStr(""), description="Wachtwoord bij Kafka (SASL)")
    agency_name: str = Field("Omgevingsdienst Twente (voorbeeld)", description="Naam op schermen")
    agency_oin: str = Field(
        "00000001823288444000", description="OIN van de dienst, in de bron van gebeurtenissen"
    )
    public_url: str = Field(
        "http://127.0.0.1:8000", description="Adres waarop gebruikers het platform bereiken"
    )
    master_key: SecretStr = Field(
        SecretStr(""),
        description="Hoofdsleutel voor persoonsgegevens van melders, 32 bytes in base64; alleen "
        "voor de processen van intake",
    )
    master_key_previous: SecretStr = Field(
        SecretStr(""), description="De vorige hoofdsleutel, zolang `vth keys rotate` bezig is"
    )
    webhook_key: SecretStr = Field(
        SecretStr(""),
        description="Sleutel voor de geheimen van abonnementen, 32 bytes in base64; voor elke "
        "dienst",
    )
    webhook_key_previous: SecretStr = Field(
        SecretStr(""), description="De vorige van die sleutels, zolang `vth keys rotate` bezig is"
    )
    token_key: SecretStr = Field(
        SecretStr(""), description="Sleutel van de lokale tokenuitgever (alleen local en test)"
    )
    oidc_issuer: str = Field("", description="Uitgever van tokens (OpenID Connect), productie")
    oidc_jwks_url: str = Field("", description="Adres van de sleutels; leeg: via de uitgever")
    oidc_audience: str = Field("vth", description="Verwachte audience in tokens")
    oidc_client_id: str = Field("vth-web", description="Client van de schermen")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Geheim van die client")
    oidc_scope: str = Field("openid profile", description="Wat de schermen de uitgever vragen")
    session_idle_minutes: int = Field(
        60, ge=1, le=1440, description="Na zoveel minuten zonder pagina eindigt een sessie"
    )
    session_hours: int = Field(
        12, ge=1, le=168, description="Na zoveel uur eindigt een sessie hoe dan ook"
    )
    smtp_url: str = Field("", description="smtp://host:poort; leeg: map voor uitgaande post")
    outbox_dir: Path = Field(
        Path(".local/post"), description="Map voor uitgaande post als er geen SMTP is"
    )
    mail_from: str = Field("no-reply@example.nl", description="Afzender van uitgaande post")
    files_storage: Literal["folder", "s3"] = Field(
        "folder", description="Waar bestanden liggen: in een map of in S3"
    )
    files_dir: Path = Field(Path(".local/bestanden"), description="Map voor bestanden")
    files_s3_endpoint: str = Field(
        "", description="Adres van de S3-dienst; leeg: Amazon in de regio hieronder"
    )
    files_s3_region: str = Field("", description="Regio van de S3-dienst")
    files_s3_bucket: str = Field("", description="Bucket voor bestanden; moet bestaan")
    files_s3_key: str = Field("", description="Sleutelnaam (access key) bij de S3-dienst")
    files_s3_secret: SecretStr = Field(SecretStr(""), description="Geheim bij die sleutelnaam")
    files_scanner: Literal["none", "clamd"] = Field(
        "none", description="Wat bestanden op malware scant; zonder scanner wordt niets getoond"
    )
    files_clamd: str = Field("127.0.0.1:3310", description="Adres van clamd (host:poort)")
    files_show_unscanned: bool = Field(
        False, description="Toon ook ongescande bestanden; alleen bij local en test"
    )
    files_orphan_hours: int = Field(
        24, ge=2, description="Na zoveel uur wordt een bestand zonder gegevens opgeruimd"
    )
    public_complaints_per_hour: int = Field(
        20,
        ge=0,
        description="Zoveel meldingen per uur mag één internetadres versturen met het openbare "
        "formulier; 0: onbeperkt",
    )
    sign_ins_per_hour: int = Field(
        600,
        ge=0,
        description="Zo vaak per uur mag vanaf één internetadres worden aangemeld; 0: onbeperkt",
    )
    subscriptions_per_hour: int = Field(
        60,
        ge=0,
        description="Zo vaak per uur mag één account bij een dienst een abonnement aanvragen, "
        "waarna het platform het opgegeven adres bezoekt; 0: onbeperkt",
    )
    requests_per_minute: int = Field(
        12_000,
        ge=0,
        description="Zoveel verzoeken per minuut mag één account de API van een dienst doen, per "
        "webproces; 0: onbeperkt",
    )
    trusted_proxies: str = Field(
        "127.0.0.1",
        description="Adressen of netwerken van de gateway, met komma's; alleen van daar telt "
        "X-Forwarded-For als adres van de bezoeker",
    )
    max_body_bytes: int = Field(262_144, ge=1024, description="Grootste verzoek in bytes")
    request_seconds: float = Field(
        20,
        gt=0,
        description="Binnen zoveel seconden moet een client de kop van een verzoek hebben "
        "verstuurd, en daarna binnen zoveel seconden de inhoud",
    )
    idle_seconds: int = Field(
        5, ge=1, description="Zo lang blijft een verbinding open waarover niets meer komt"
    )
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Andere herkomsten die de API mogen aanroepen (CORS), met komma's"
    )
    webhook_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Interne netwerken (CIDR) waar webhooks naartoe mogen, met komma's"
    )
    webhook_ca_file: Path | None = Field(
        None, description="Certificaten (PEM) die webhooks ook vertrouwen, zoals PKIoverheid"
    )
    webhook_log_days: int = Field(30, ge=1, description="Hoe lang het afleverlogboek blijft")
    outbox_keep_hours: int = Field(168, ge=1, description="Uren in de outbox na het verzenden")
    inbox_keep_days: int = Field(
        0,
        ge=0,
        description="Dagen dat een consument onthoudt welke gebeurtenissen zij had; 0: altijd. "
        "Anders langer dan de topics bewaren, en langer dan de outbox bewaart",
    )
    jobs_at_once: int = Field(4, ge=1, le=50, description="Taken die een worker tegelijk doet")
    jobs_keep_days: int = Field(30, ge=1, description="Dagen dat een taak die klaar is blijft")
    instance: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{0,60}$")] = Field(
        "",
        description="Vaste naam van deze worker bij Kafka, per proces een andere: na een herstart "
        "krijgt hij zijn partities terug zonder de andere te storen; leeg: geen",
    )
    otlp_endpoint: str = Field(
        "",
        description="Adres van een OpenTelemetry-collector (OTLP over HTTP), zonder /v1/traces; "
        "leeg: geen spans",
    )
    trace_ratio: float = Field(
        1.0, ge=0, le=1, description="Deel van de nieuwe traces dat als spans wordt verstuurd"
    )
    access_log: bool = Field(
        False, description="Elk verzoek in het logboek; geweigerde toegang staat er altijd in"
    )
    log_format: Literal["console", "json"] = Field("console", description="Vorm van het logboek")
    log_level: str = Field("INFO", description="Drempel van het logboek")
    slow_statement_ms: int = Field(250, ge=1, description="Vanaf hier heet een opdracht traag")

    @field_validator("allowed_origins", "webhook_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(filter(None, value.split(","))) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_proxies(cls, value: str) -> str:
        for name in filter(None, map(str.strip, value.split(","))):
            # Also refuses "*": everybody's X-Forwarded-For would be believed.
            ip_network(name)
        return value

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            ip_network(name)
        return value

    @model_validator(mode="after")
    def _remembers_what_may_come_again(self) -> "Settings":
        if self.inbox_keep_days and self.inbox_keep_days * 24 <= self.outbox_keep_hours:
            raise ValueError("VTH_INBOX_KEEP_DAYS must be longer than VTH_OUTBOX_KEEP_HOURS")
        return self

    @model_validator(mode="after")
    def _files_have_a_place(self) -> "Settings":
        if self.files_storage == "s3" and not self.files_s3_bucket:
            raise ValueError("VTH_FILES_S3_BUCKET must be set when VTH_FILES_STORAGE is s3")
        if self.files_show_unscanned and self.environment == "production":
            raise ValueError("VTH_FILES_SHOW_UNSCANNED is refused in production")
        return self

    @field_validator("files_clamd")
    @classmethod
    def _names_a_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError("VTH_FILES_CLAMD must be host:port")
        return value

    @model_validator(mode="after")
    def _safe_production(self) -> "Settings":
        if self.environment == "production" and (weak := list(weaknesses(self))):
            raise ValueError("\n".join(weak))
        return self

    def database_for(self, service: str) -> str:
        """The URL of a service's own database, with its own role (also `events`, `sessions`)."""
        url = urlsplit(self.database_url.get_secret_value())
        role = f"vth_{service}"
        own: SecretStr | None = getattr(self, f"database_password_{service}")
        password = quote(own.get_secret_value(), safe="") if own else url.password
        login = f"{role}:{password}" if password else role
        host = f"{url.hostname}:{url.port or 5432}"
        return urlunsplit(("postgresql", f"{login}@{host}", f"/{role}", url.query, ""))

    def melder_vault(self) -> Vault:
        """Opens what is personal of complainants. Raises ValueError without a right key."""
        earlier = keys_of(("VTH_MASTER_KEY_PREVIOUS", self.master_key_previous))
        return Vault(key_of("VTH_MASTER_KEY", self.master_key), earlier)

    def webhook_vault(self, *, legacy: bool = False) -> Vault:
        """Opens the secrets of subscriptions. Raises ValueError without a right key.

        `legacy` adds the key of complainants, under which they were kept before.
        """
        earlier = [("VTH_WEBHOOK_KEY_PREVIOUS", self.webhook_key_previous)]
        if legacy:
            earlier += [
                ("VTH_MASTER_KEY", self.master_key),
                ("VTH_MASTER_KEY_PREVIOUS", self.master_key_previous),
            ]
        return Vault(key_of("VTH_WEBHOOK_KEY", self.webhook_key), keys_of(*earlier))

    def source_of(self, service: str) -> str:
        """The CloudEvents source of a service: a URN with the agency's OIN (NL GOV profile)."""
        return f"urn:nld:oin:{self.agency_oin}:systeem:vth-{service}"


def weaknesses(settings: Settings) -> Iterator[str]:
    """What production refuses, a sentence each (Dutch)."""
    if settings.token_key.get_secret_value():
        yield "VTH_TOKEN_KEY (de lokale tokenuitgever) mag in productie niet bestaan"
    if not settings.oidc_issuer:
        yield "VTH_OIDC_ISSUER ontbreekt: zonder uitgever van tokens kan niemand inloggen"
    if not settings.oidc_audience.strip():
        yield "VTH_OIDC_AUDIENCE is leeg: dan zou elk token van de uitgever gelden"
    for name, address in (
        ("VTH_PUBLIC_URL", settings.public_url),
        ("VTH_OIDC_ISSUER", settings.oidc_issuer),
    ):
        if address and not is_private_to_us(address):
            yield f"{name} moet met https:// beginnen (http mag alleen voor localhost)"
    yield from _weak_keys(settings)
    plain = settings.kafka_security in {"plaintext", "sasl_plaintext"}
    if settings.transport == "kafka" and plain and not settings.kafka_network_is_closed:
        yield (
            "VTH_KAFKA_SECURITY laat verkeer met Kafka onversleuteld: kies ssl of sasl_ssl, of zet "
            "VTH_KAFKA_NETWORK_IS_CLOSED=true als niemand anders op dat netwerk kan"
        )


def _weak_keys(settings: Settings) -> Iterator[str]:
    for name, key in (
        ("VTH_MASTER_KEY", settings.master_key),
        ("VTH_WEBHOOK_KEY", settings.webhook_key),
    ):
        if not key.get_secret_value():
            continue
        try:
            weak = len(set(key_of(name, key))) < DIFFERENT_BYTES
        except ValueError:
            yield f"{name} is geen sleutel van 32 bytes in base64"
        else:
            if weak:
                yield f"{name} is geen willekeurige sleutel: maak er een met tools/compose_env.py"

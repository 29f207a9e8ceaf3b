"""Every setting of the server: its name, its default and one sentence of help, read once from PLAYGROUND_*."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_LEAST_TOKEN_LENGTH = 16


class Settings(BaseSettings):
    """What the one who runs the server may choose; a field `x` is read from the environment as ``PLAYGROUND_X``."""

    model_config = SettingsConfigDict(
        env_prefix="PLAYGROUND_",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,  # One of them is a secret.
    )

    host: str = Field(
        "127.0.0.1", min_length=1, description="The address to listen on; 0.0.0.0 admits the whole network."
    )
    port: int = Field(8000, ge=0, le=65_535, description="The port to listen on; 0 takes any free one.")
    base_path: str = Field(
        "", description="The path prefix under which a reverse proxy shows the server, such as /playground."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Further host names, separated by commas, by which browsers may ask for this server.",
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (),
        description="Addresses or networks, separated by commas, of proxies whose X-Forwarded-For is believed.",
    )
    workers: int = Field(
        0, ge=0, le=256, description="Worker processes that train; 0 means one fewer than the processors, at least 1."
    )
    placement: Literal["process", "thread"] = Field(
        "process", description="Where networks train: in processes of their own, or in a thread (for tests)."
    )
    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("nn-playground", appauthor=False),
        description="The folder for what the server keeps.",
    )
    admin_token: SecretStr = Field(
        SecretStr(""),
        description="The token that opens the page /admin, at least 16 characters; empty: each start prints a new one.",
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="How the log is written: as lines for people, or as one JSON object a line."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="The least that is logged; info tells of what changes something, debug of all requests."
    )
    log_addresses: bool = Field(False, description="Whether the log names the addresses of clients.")

    park_after_s: float = Field(
        600.0, gt=0, description="Seconds after which a session that rests and that nobody watches leaves memory."
    )
    keep_days: float = Field(
        30.0,
        gt=0,
        description="Days that a session is kept that nobody uses; days on which no server runs do not count.",
    )

    max_sessions: int = Field(200, ge=1, description="Sessions in memory at the same time; more wait in the queue.")
    max_queue: int = Field(100, ge=0, description="Sessions that may wait for a place in memory.")
    max_sessions_per_client: int = Field(100, ge=1, description="Sessions in memory that one address may have made.")
    max_stored_sessions: int = Field(
        2000, ge=1, description="Sessions that are kept in all; beyond, the one unused for longest makes room."
    )
    max_store_bytes: int = Field(2 * 1024**3, ge=1024**2, description="Size of the file in which sessions are kept.")
    max_datasets_per_client: int = Field(100, ge=1, description="Data sets of their own that one address may keep.")
    max_datasets_bytes: int = Field(
        256 * 1024 * 1024, ge=1024, description="Size of all data sets that users have given, within that file."
    )
    max_table_rows: int = Field(20_000, ge=1, description="Rows that a data set of a user's own may have.")
    max_table_columns: int = Field(64, ge=2, description="Columns that a data set of a user's own may have.")
    max_streams_per_session: int = Field(8, ge=1, description="Open streams (tabs, viewers) that a session may have.")
    max_session_bytes: int = Field(
        64 * 1024 * 1024, ge=1024**2, description="Memory that a session's network and its batches may take, estimated."
    )
    max_frame_bytes: int = Field(16 * 1024 * 1024, ge=1024, description="Size of a frame, with all that it shows.")
    max_layers: int = Field(10, ge=0, description="Hidden layers that a network may have.")
    max_units: int = Field(1024, ge=1, description="Units that a layer may have.")
    max_parameters: int = Field(2_000_000, ge=1, description="Weights and biases that a network may have in all.")
    max_samples: int = Field(10_000, ge=1, description="Examples that a generated data set may have.")
    max_resolution: int = Field(256, ge=2, description="Rows and columns that a boundary may have.")
    max_unit_resolution: int = Field(100, ge=2, description="Rows and columns that the map of a unit may have.")
    max_fps: int = Field(60, ge=1, description="Frames a second that a stream may ask for.")
    max_message_bytes: int = Field(1_048_576, ge=1024, description="Size of a message on a stream, and of a JSON body.")
    max_messages_per_second: int = Field(
        200, ge=1, description="Messages a second that are read from a stream; more of them wait."
    )
    max_upload_bytes: int = Field(
        64 * 1024 * 1024, ge=1024, description="Size of an uploaded file, such as a snapshot."
    )
    max_creations_at_once: int = Field(
        60, ge=1, description="Sessions that one client address may create in a burst, such as a class behind a router."
    )
    max_creations_per_minute: int = Field(
        60, ge=1, description="Sessions a minute that one client address may go on creating after that."
    )
    max_unwatched_run_s: int = Field(
        30, ge=1, description="Seconds that a run without an end of its own goes on when nobody watches it."
    )
    max_predict_rows: int = Field(10_000, ge=1, description="Examples that one prediction may ask for.")
    max_trace_weights: int = Field(20_000, ge=1, description="Weights of which one trace may tell every product.")
    max_landscape_resolution: int = Field(51, ge=2, description="Rows and columns that a slice of the loss may have.")
    max_log: int = Field(10_000, ge=1, description="Commands that a session's log keeps.")
    max_timeline_snapshots: int = Field(200, ge=1, description="Moments of its run that a session keeps to go back to.")
    max_timeline_bytes: int = Field(
        8 * 1024 * 1024,
        ge=0,
        description="Memory that those moments, what can be undone and what is remembered may take in a session.",
    )
    max_replay_s: int = Field(
        20, ge=1, description="Seconds of training, as estimated, that are made again to go to a past step."
    )
    max_undo: int = Field(50, ge=1, description="Changes of its setup that a session can undo.")
    max_moments: int = Field(8, ge=0, description="Networks that a session remembers because it was asked to.")
    max_points: int = Field(4096, ge=2, description="Points that a session's history keeps before it is thinned.")

    hello_timeout_s: float = Field(5.0, gt=0, le=60, description="Seconds that a new stream has for its first message.")
    send_timeout_s: float = Field(
        20.0, gt=0, le=600, description="Seconds after which a stream whose reader takes nothing is given up."
    )

    @field_validator("admin_token")
    @classmethod
    def _check_admin_token(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        # What can stand in a header and in an address as it is.
        if token and not (len(token) >= _LEAST_TOKEN_LENGTH and _is_plain(token)):
            raise ValueError(
                f"must have at least {_LEAST_TOKEN_LENGTH} characters, only letters, digits, '-', '_', '.' and '~'"
            )
        return value

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = value.split(",")
        return tuple(name.strip().lower() for name in value if name.strip())

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _parse_networks(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = [text.strip() for text in value.split(",") if text.strip()]
        return tuple(_network(entry) for entry in value)

    @field_validator("base_path")
    @classmethod
    def _normalize_base_path(cls, value: str) -> str:
        parts = [part for part in value.split("/") if part]
        if any(part in (".", "..") or not _is_plain(part) for part in parts):
            raise ValueError("may hold letters, digits, '-', '_', '.', '~' and '/' only, such as /playground")
        return "".join(f"/{part}" for part in parts)

    def limits(self) -> dict[str, int]:
        """Return the limits as the catalogue names them: every ``max_*`` without its first four letters."""
        return {
            name.removeprefix("max_"): getattr(self, name)
            for name in type(self).model_fields
            if name.startswith("max_")
        }


def _network(entry: Any) -> IPv4Network | IPv6Network:
    try:
        return ip_network(entry)
    except ValueError:
        message = f"{str(entry)[:80]!r} is not an IP address or network, such as 192.0.2.1 or 10.0.0.0/8"
    try:
        # Bits beyond the prefix: the network was meant, or the one address. Which of them is not for us to guess.
        meant = ip_network(entry, strict=False)
    except ValueError:
        raise ValueError(message) from None
    raise ValueError(f"{entry!r} is neither an address nor a network: write {entry.split('/')[0]} or {meant}")


def _is_plain(part: str) -> bool:
    return part.isascii() and all(letter.isalnum() or letter in "-_.~" for letter in part)

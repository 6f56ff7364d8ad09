"""What the jobs need of S3 beyond moto: a key that is too long is refused."""

from collections.abc import Callable
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.responses import S3Response

# Of UTF-8 (Amazon S3 User Guide, "Naming Amazon S3 objects").
MOST_KEY_BYTES = 1024

_moto_put, _moto_post = S3Response._key_response_put, S3Response._key_response_post


def _refusing(handle: Callable[..., Any]) -> Callable[..., Any]:
    """A handler of requests that make an object, with the error of S3's "List of error codes" before it."""

    def handle_short(response: S3Response, *arguments: Any) -> Any:
        if len(response.parse_key_name().encode()) > MOST_KEY_BYTES:
            raise S3ClientError("KeyTooLongError", "Your key is too long")
        return handle(response, *arguments)

    return handle_short


def install() -> None:
    """Puts the check before what moto does for PUT, copies among them, and for POST, which begins multipart uploads."""
    S3Response._key_response_put = _refusing(_moto_put)
    S3Response._key_response_post = _refusing(_moto_post)

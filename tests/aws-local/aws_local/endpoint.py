"""How a client reaches the endpoint."""

import functools
from dataclasses import dataclass
from typing import Any

import boto3

# The endpoint takes any credentials; these are what its clients use.
ACCESS_KEY = "local"


@functools.cache
def _client(url: str, region: str, service: str) -> Any:
    """Made once: it takes a tenth of a second, and threads may share it; not its session, so each has its own."""
    return boto3.Session().client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=ACCESS_KEY,
    )


@dataclass(frozen=True)
class Endpoint:
    """A running endpoint and the region in which its clients work."""

    url: str
    region: str

    def client(self, service: str) -> Any:
        """A boto3 client of one service."""
        return _client(self.url, self.region, service)

    def address(self) -> dict[str, str]:
        """What leads an AWS client to the endpoint: it must know Region and credentials from elsewhere."""
        return {"AWS_ENDPOINT_URL": self.url}

    def environment(self) -> dict[str, str]:
        """What an AWS client finds in its environment to reach the endpoint, and nothing beyond it."""
        return self.address() | {
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

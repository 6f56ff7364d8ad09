"""How a client reaches the endpoint."""

from dataclasses import dataclass
from typing import Any

import boto3

# The endpoint takes any credentials; these are what its clients use.
ACCESS_KEY = "local"


@dataclass(frozen=True)
class Endpoint:
    """A running endpoint and the region in which its clients work."""

    url: str
    region: str

    def client(self, service: str) -> Any:
        """A boto3 client of one service."""
        # A session each: boto3's default one must not be shared by threads.
        return boto3.Session().client(
            service,
            endpoint_url=self.url,
            region_name=self.region,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=ACCESS_KEY,
        )

    def environment(self) -> dict[str, str]:
        """What an AWS client finds in its environment to reach the endpoint, and nothing beyond it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

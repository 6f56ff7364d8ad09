"""Leads a boto3 that does not know AWS_ENDPOINT_URL to the local endpoint; Python imports this by its name."""

import os

import botocore.session

create_client = botocore.session.Session.create_client


def create_local_client(session: botocore.session.Session, *given: object, **named: object) -> object:
    """A client of the endpoint that the environment names."""
    return create_client(session, *given, **named | {"endpoint_url": os.environ["AWS_ENDPOINT_URL"]})


botocore.session.Session.create_client = create_local_client

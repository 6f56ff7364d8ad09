"""An S3 server for tests: prints its port, and ends when its standard input does."""

import logging
import sys

import boto3
from moto.server import ThreadedMotoServer

bucket, region = sys.argv[1:]
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
boto3.client(
    "s3",
    endpoint_url=f"http://127.0.0.1:{port}",
    region_name=region,
).create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
print(port, flush=True)
sys.stdin.read()

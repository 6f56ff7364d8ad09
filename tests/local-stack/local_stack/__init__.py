"""The local stack: aws-local, a provisioned source and a Serverless target, and what a deployment puts there.

For hacking (`./build.sh local`) and for the demo. What each part does is its own business: see tests/aws-local and
tests/redshift-local.
"""

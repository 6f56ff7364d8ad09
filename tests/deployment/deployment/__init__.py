"""What tests of the deployed CDK app share: an environment on the local stack, and its executions."""

"""What a Glue Python shell job finds in the place of boto3 where its library set has none."""

raise ModuleNotFoundError("No module named 'boto3'")

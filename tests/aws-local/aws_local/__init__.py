"""A local AWS endpoint: moto's S3, Secrets Manager, IAM, Redshift and Glue, with what the jobs need beyond moto.

Glue runs are real processes, roles are associated with a warehouse asynchronously, and Redshift Serverless answers.
Nothing here knows what a job does.
"""

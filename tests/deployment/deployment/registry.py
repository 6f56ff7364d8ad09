"""What the CloudFormation registry says of resource types: the schemas that cfn-lint brings."""

import json
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

# Properties, and the permissions of a type's handlers that are for them alone: whoever does not set them needs none.
_FOR_PROPERTIES = {
    "AWS::Events::Rule": {"RoleArn": ["iam:PassRole"]},
    "AWS::IAM::Policy": {
        "Users": ["iam:GetUserPolicy", "iam:PutUserPolicy", "iam:DeleteUserPolicy"],
        "Groups": ["iam:GetGroupPolicy", "iam:PutGroupPolicy", "iam:DeleteGroupPolicy"],
    },
    "AWS::IAM::ManagedPolicy": {
        "Users": ["iam:AttachUserPolicy", "iam:DetachUserPolicy"],
        "Groups": ["iam:AttachGroupPolicy", "iam:DetachGroupPolicy"],
        "Roles": ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
    },
    "AWS::IAM::Role": {
        "ManagedPolicyArns": ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
        "PermissionsBoundary": ["iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary"],
    },
    "AWS::KMS::Key": {"Enabled": ["kms:DisableKey", "kms:EnableKey"]},
    "AWS::Lambda::Function": {
        "CapacityProviderConfig": ["lambda:PassCapacityProvider"],
        "CodeSigningConfigArn": [
            "lambda:GetCodeSigningConfig",
            "lambda:PutFunctionCodeSigningConfig",
            "lambda:DeleteFunctionCodeSigningConfig",
        ],
        "FileSystemConfigs": ["elasticfilesystem:DescribeMountTargets", "s3files:ListMountTargets"],
        "FunctionScalingConfig": ["lambda:PutFunctionScalingConfig"],
        "KmsKeyArn": ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
        "Layers": ["lambda:GetLayerVersion"],
        "PublishToLatestPublished": ["lambda:PublishVersion"],
        "RecursiveLoop": ["lambda:PutFunctionRecursionConfig"],
        "ReservedConcurrentExecutions": ["lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency"],
        "RuntimeManagementConfig": ["lambda:PutRuntimeManagementConfig", "lambda:AssociateRuntimeAlias"],
        "VpcConfig": [
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "ec2:DescribeNetworkInterfaces",
        ],
    },
    "AWS::Logs::LogGroup": {
        "BearerTokenAuthenticationEnabled": ["logs:PutBearerTokenAuthentication"],
        "DataProtectionPolicy": [
            "logs:PutDataProtectionPolicy",
            "logs:DeleteDataProtectionPolicy",
            "logs:CreateLogDelivery",
            "firehose:TagDeliveryStream",
            "s3:REST.PUT.OBJECT",
        ],
        "DeletionProtectionEnabled": ["logs:PutLogGroupDeletionProtection"],
        "FieldIndexPolicies": ["logs:PutIndexPolicy", "logs:DeleteIndexPolicy"],
        "ResourcePolicyDocument": ["logs:PutResourcePolicy", "logs:DeleteResourcePolicy"],
    },
    "AWS::S3::Bucket": {
        "AbacStatus": ["s3:PutBucketAbac"],
        "AccelerateConfiguration": ["s3:PutAccelerateConfiguration"],
        "AccessControl": ["s3:PutBucketAcl", "s3:PutObjectAcl"],
        "AnalyticsConfigurations": ["s3:PutAnalyticsConfiguration", "s3:DeleteBucketAnalyticsConfiguration"],
        "CorsConfiguration": ["s3:PutBucketCORS", "s3:DeleteBucketCors"],
        "IntelligentTieringConfigurations": ["s3:PutIntelligentTieringConfiguration"],
        "InventoryConfigurations": ["s3:PutInventoryConfiguration"],
        "LoggingConfiguration": ["s3:PutBucketLogging"],
        "MetadataConfiguration": [
            "s3:CreateBucketMetadataTableConfiguration",
            "s3:DeleteBucketMetadataTableConfiguration",
            "s3:UpdateBucketMetadataAnnotationTableConfiguration",
            "s3:UpdateBucketMetadataInventoryTableConfiguration",
            "s3:UpdateBucketMetadataJournalTableConfiguration",
            "s3tables:CreateNamespace",
            "s3tables:CreateTable",
            "s3tables:CreateTableBucket",
            "s3tables:GetTable",
            "s3tables:GetTableMetadataLocation",
            "s3tables:PutTableBucketPolicy",
            "s3tables:PutTableEncryption",
            "s3tables:PutTablePolicy",
            "s3tables:UpdateTableMetadataLocation",
        ],
        "MetricsConfigurations": ["s3:PutMetricsConfiguration", "s3:DeleteBucketMetricsConfiguration"],
        "NotificationConfiguration": ["s3:PutBucketNotification"],
        "ObjectLockConfiguration": ["s3:PutBucketObjectLockConfiguration", "s3:PutObjectLockConfiguration"],
        "OwnershipControls": ["s3:PutBucketOwnershipControls"],
        # Of objects: the handler empties nothing, and a bucket is created without any.
        "ReplicationConfiguration": [
            "iam:PassRole",
            "s3:DeleteBucketReplication",
            "s3:DeleteObject",
            "s3:PutBucketReplication",
            "s3:PutReplicationConfiguration",
        ],
        "WebsiteConfiguration": ["s3:PutBucketWebsite", "s3:DeleteBucketWebsite"],
    },
    "AWS::SNS::Subscription": {"SubscriptionRoleArn": ["iam:GetRole", "iam:PassRole"]},
    "AWS::SNS::Topic": {
        "DataProtectionPolicy": ["sns:PutDataProtectionPolicy"],
        "DeliveryStatusLogging": ["iam:GetRole", "iam:PassRole"],
        "Subscription": ["sns:Subscribe", "sns:Unsubscribe"],
    },
    "AWS::StepFunctions::StateMachine": {
        "DefinitionS3Location": ["s3:GetObject", "s3:GetObjectVersion"],
        "EncryptionConfiguration": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
    },
}


def schema(region: str, resource_type: str) -> dict[str, Any]:
    """The schema of a type."""
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, resource_type).schema


def needed(region: str, resource: dict[str, Any]) -> set[str]:
    """The permissions without which CloudFormation cannot handle this resource of a template."""
    described = schema(region, resource["Type"])
    kept = resource.get("DeletionPolicy") == resource.get("UpdateReplacePolicy") == "Retain"
    handlers = ["create", "read", "update"] + ([] if kept else ["delete"])
    permissions = _permissions(described, handlers)
    properties = json.dumps(resource.get("Properties", {}))
    for name, theirs in _FOR_PROPERTIES.get(resource["Type"], {}).items():
        if name not in described["properties"]:
            raise ValueError(f"{resource['Type']} has no property {name}")
        # At any depth: a rule's role may also be that of one of its targets.
        if f'"{name}":' not in properties:
            permissions -= set(theirs)
    return permissions


def known(region: str, resource_type: str) -> set[str]:
    """Every permission that the registry names for a type."""
    described = schema(region, resource_type)
    of_tags = described.get("tagging", {}).get("permissions", [])
    return _permissions(described, list(described["handlers"])) | set(of_tags)


def _permissions(described: dict[str, Any], handlers: list[str]) -> set[str]:
    return {it for name in handlers for it in described["handlers"].get(name, {}).get("permissions", [])}

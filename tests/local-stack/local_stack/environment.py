"""The file that a shell sources to work with the stack."""

import shlex
from pathlib import Path

from aws_local.provision import Warehouse

from local_stack.stack import Description


def variables(stack: Description) -> dict[str, str]:
    """What psql, the aws command and the jobs need to reach the stack."""
    return {
        **_warehouse("SOURCE", stack.source),
        **_warehouse("TARGET", stack.target),
        "SOURCE_SECRET_ARN": stack.deployment.source_secret_arn,
        "TARGET_SECRET_ARN": stack.deployment.target_secret_arn,
        "IAM_ROLE": stack.deployment.iam_role,
        "DATA_BUCKET": stack.deployment.data_bucket,
        **stack.endpoint.environment(),
        "SSL_CERT_FILE": str(stack.ca),
        "PGSSLROOTCERT": str(stack.ca),
        "PGSSLMODE": "verify-full",
    }


def write(path: Path, stack: Description, tools: Path) -> None:
    """Writes the file for its owner alone, since it holds passwords; `tools`, where the aws command is, leads PATH."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables(stack).items()]
    lines.append(f'export PATH={shlex.quote(str(tools))}:"$PATH"')
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n")


def _warehouse(side: str, warehouse: Warehouse) -> dict[str, str]:
    return {
        f"{side}_HOST": warehouse.host,
        f"{side}_PORT": str(warehouse.port),
        f"{side}_DATABASE": warehouse.database,
        f"{side}_USER": warehouse.username,
        f"{side}_PASSWORD": warehouse.password,
    }

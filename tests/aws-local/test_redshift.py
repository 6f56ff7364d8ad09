import json
import unittest

from aws_local.redshift_serverless import NAMESPACE_ID_TAG, RedshiftServerless, ServerlessError
from aws_local.role_association import SECONDS_UNTIL_IN_SYNC, RoleAssociations
from botocore.exceptions import ClientError
from running_server import WithServer

ROLES = ["arn:aws:iam::123456789012:role/one", "arn:aws:iam::123456789012:role/two"]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Associations(unittest.TestCase):
    def test_role_is_in_sync_a_moment_after_it_was_added_and_adding_it_again_changes_nothing(self):
        clock = Clock()
        roles = RoleAssociations(clock)
        roles.modify(ROLES[:1], [])
        self.assertEqual(roles.statuses(), [(ROLES[0], "adding")])
        clock.now = SECONDS_UNTIL_IN_SYNC
        roles.modify(ROLES[:1], [])
        self.assertEqual(roles.statuses(), [(ROLES[0], "in-sync")])
        self.assertTrue(roles.all_in_sync())

    def test_update_of_a_namespace_replaces_the_whole_list(self):
        clock = Clock()
        service = RedshiftServerless("eu-central-1", clock)
        service.act("CreateNamespace", {"namespaceName": "n", "iamRoles": ROLES[:1]})
        updated = service.act("UpdateNamespace", {"namespaceName": "n", "iamRoles": ROLES[1:]})["namespace"]
        self.assertEqual(updated["iamRoles"], [f"IamRole(applyStatus=adding, iamRoleArn={ROLES[1]})"])
        self.assertEqual(updated["status"], "MODIFYING")

    def test_namespace_has_one_id_which_a_tag_may_give(self):
        service = RedshiftServerless("eu-central-1")
        given = [{"key": "owner", "value": "us"}, {"key": NAMESPACE_ID_TAG, "value": "86b5169f-01dc"}]
        tagged = service.act("CreateNamespace", {"namespaceName": "tagged", "tags": given})["namespace"]
        self.assertEqual(tagged["namespaceId"], "86b5169f-01dc")
        other = service.act("CreateNamespace", {"namespaceName": "other"})["namespace"]
        self.assertNotEqual(other["namespaceId"], tagged["namespaceId"])
        for created in (tagged, other):
            self.assertEqual(created["namespaceArn"].split("/")[-1], created["namespaceId"])
            shown = service.act("GetNamespace", {"namespaceName": created["namespaceName"]})["namespace"]
            self.assertEqual(shown["namespaceArn"], created["namespaceArn"])

    def test_what_is_not_known_is_refused(self):
        service = RedshiftServerless("eu-central-1")
        for action, request, code in (
            ("DeleteNamespace", {}, "UnknownOperationException"),
            ("GetNamespace", {"namespaceName": "n"}, "ResourceNotFoundException"),
            ("GetWorkgroup", {"workgroupName": "w"}, "ResourceNotFoundException"),
            ("CreateWorkgroup", {"workgroupName": "w", "namespaceName": "n"}, "ResourceNotFoundException"),
        ):
            with self.subTest(action), self.assertRaises(ServerlessError) as refused:
                service.act(action, request)
            self.assertEqual(refused.exception.code, code)


class OverHttp(WithServer):
    def test_cluster_shows_each_role_with_its_status(self):
        redshift = self.endpoint.client("redshift")
        redshift.create_cluster(
            ClusterIdentifier="c", NodeType="ra3.large", MasterUsername="a", MasterUserPassword="Passw0rd"
        )
        redshift.modify_cluster_iam_roles(ClusterIdentifier="c", AddIamRoles=ROLES)
        redshift.modify_cluster_iam_roles(ClusterIdentifier="c", RemoveIamRoles=ROLES[:1])

        def roles():
            return redshift.describe_clusters(ClusterIdentifier="c")["Clusters"][0]["IamRoles"]

        self.wait_until(lambda: roles() == [{"IamRoleArn": ROLES[1], "ApplyStatus": "in-sync"}])
        with self.assertRaises(ClientError) as refused:
            redshift.modify_cluster_iam_roles(ClusterIdentifier="other", AddIamRoles=ROLES)
        self.assertEqual(refused.exception.response["Error"]["Code"], "ClusterNotFound")

    def test_serverless_answers_through_the_same_endpoint(self):
        serverless = self.endpoint.client("redshift-serverless")
        serverless.create_namespace(namespaceName="space", adminUsername="admin", adminUserPassword="Planted1")
        serverless.create_workgroup(workgroupName="group", namespaceName="space")
        self.assertEqual(serverless.get_workgroup(workgroupName="group")["workgroup"]["namespaceName"], "space")
        self.assertNotIn("Planted1", json.dumps(serverless.get_namespace(namespaceName="space"), default=str))
        credentials = serverless.get_credentials(workgroupName="group", dbName="dev", durationSeconds=900)
        self.assertTrue(credentials["dbUser"].startswith("IAMR:"))
        # The same as in redshift-local's src/session/temporary_login.rs.
        self.assertEqual(credentials["dbPassword"], "0b87d9d83b486c9ac60dce48aaa1a5a55c47d4ad1ac56029b7e0d120f189727b")
        with self.assertRaises(serverless.exceptions.ResourceNotFoundException):
            serverless.get_workgroup(workgroupName="other")
        with self.assertRaises(serverless.exceptions.ConflictException):
            serverless.create_namespace(namespaceName="space")


if __name__ == "__main__":
    unittest.main()

import unittest

from botocore.exceptions import ClientError
from running_server import WithServer


class Keys(WithServer):
    def test_key_of_more_than_1024_bytes_is_refused_however_an_object_is_made(self):
        # Two bytes each, and the one that is too many.
        longest = "ø" * 512
        too_long = longest + "k"
        self.s3.put_object(Bucket=self.bucket, Key="short", Body=b"1")
        source = {"Bucket": self.bucket, "Key": "short"}
        made = (
            lambda key: self.s3.put_object(Bucket=self.bucket, Key=key, Body=b"1"),
            lambda key: self.s3.copy_object(Bucket=self.bucket, Key=key, CopySource=source),
            lambda key: self.s3.create_multipart_upload(Bucket=self.bucket, Key=key),
        )
        for make in made:
            make(longest)
            with self.assertRaises(ClientError) as refused:
                make(too_long)
            answer = refused.exception.response
            self.assertEqual(answer["Error"]["Code"], "KeyTooLongError")
            self.assertEqual(answer["Error"]["Message"], "Your key is too long")
            self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 400)
        keys = [it["Key"] for it in self.s3.list_objects_v2(Bucket=self.bucket)["Contents"]]
        self.assertEqual(sorted(keys), ["short", longest])


if __name__ == "__main__":
    unittest.main()

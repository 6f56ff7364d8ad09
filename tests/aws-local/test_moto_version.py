import unittest
from unittest import mock

from aws_local import moto_version


class MotoVersion(unittest.TestCase):
    def test_installed_moto_is_the_one_that_the_patches_fit(self):
        moto_version.check()

    def test_any_other_is_refused(self):
        with mock.patch("moto.__version__", "5.2.6"), self.assertRaisesRegex(SystemExit, "5.2.5 but found moto 5.2.6"):
            moto_version.check()


if __name__ == "__main__":
    unittest.main()

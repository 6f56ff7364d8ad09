-- How many slices share the work of a load.
-- Needs: superuser.
-- AWS: STV_SLICES (r_STV_SLICES), a row a slice; a workgroup does not have it.
-- Only: provisioned
SELECT COUNT(slice) AS slices
FROM stv_slices
ORDER BY 1;

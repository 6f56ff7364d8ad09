-- DATEADD and DATEDIFF (r_DATEADD_function, r_DATEDIFF_function). The proxy turns the bare date part into a string.
SET search_path = redshift_catalog, pg_catalog;

-- r_Dateparts_for_datetime_functions: a date part's own name from any of its abbreviations.
CREATE FUNCTION redshift_catalog.rs_datepart(text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE
        WHEN lower($1) IN ('year', 'years', 'y', 'yr', 'yrs') THEN 'year'
        WHEN lower($1) IN ('quarter', 'quarters', 'qtr', 'qtrs') THEN 'quarter'
        WHEN lower($1) IN ('month', 'months', 'mon', 'mons') THEN 'month'
        WHEN lower($1) IN ('week', 'weeks', 'w') THEN 'week'
        WHEN lower($1) IN ('day', 'days', 'd') THEN 'day'
        WHEN lower($1) IN ('hour', 'hours', 'h', 'hr', 'hrs') THEN 'hour'
        WHEN lower($1) IN ('minute', 'minutes', 'm', 'min', 'mins') THEN 'minute'
        WHEN lower($1) IN ('second', 'seconds', 's', 'sec', 'secs') THEN 'second'
        WHEN lower($1) IN ('millisecond', 'milliseconds', 'ms', 'msec', 'msecs', 'millisecon') THEN 'millisecond'
        WHEN lower($1) IN ('microsecond', 'microseconds', 'us', 'usec', 'usecs', 'microsec') THEN 'microsecond'
    END
$$;

CREATE FUNCTION redshift_catalog.dateadd(text, bigint, timestamp) RETURNS timestamp LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE redshift_catalog.rs_datepart($1)
        WHEN 'quarter' THEN $3 + 3 * $2 * INTERVAL '1 month'
        ELSE $3 + $2 * ('1 ' || redshift_catalog.rs_datepart($1))::interval
    END
$$;

-- Counts the boundaries of the date part between the two, not whole parts.
CREATE FUNCTION redshift_catalog.datediff(text, timestamp, timestamp) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$
    SELECT CASE redshift_catalog.rs_datepart($1)
        WHEN 'year' THEN extract(year FROM $3) - extract(year FROM $2)
        WHEN 'quarter' THEN (extract(year FROM $3) - extract(year FROM $2)) * 4 + extract(quarter FROM $3) - extract(quarter FROM $2)
        WHEN 'month' THEN (extract(year FROM $3) - extract(year FROM $2)) * 12 + extract(month FROM $3) - extract(month FROM $2)
        -- Weeks begin on Sunday.
        WHEN 'week' THEN (date_trunc('week', $3 + INTERVAL '1 day')::date - date_trunc('week', $2 + INTERVAL '1 day')::date) / 7
        WHEN 'day' THEN $3::date - $2::date
        WHEN 'hour' THEN extract(epoch FROM date_trunc('hour', $3) - date_trunc('hour', $2)) / 3600
        WHEN 'minute' THEN extract(epoch FROM date_trunc('minute', $3) - date_trunc('minute', $2)) / 60
        WHEN 'second' THEN extract(epoch FROM date_trunc('second', $3) - date_trunc('second', $2))
        WHEN 'millisecond' THEN extract(epoch FROM $3 - $2) * 1000
        WHEN 'microsecond' THEN extract(epoch FROM $3 - $2) * 1000000
    END::bigint
$$;

-- r_DATE_TRUNC of a DATE is a TIMESTAMP.
CREATE FUNCTION redshift_catalog.date_trunc(text, date) RETURNS timestamp LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT pg_catalog.date_trunc($1, $2::timestamp) $$;

-- r_LAST_DAY, r_DATE_PART_YEAR
CREATE FUNCTION redshift_catalog.last_day(timestamp) RETURNS date LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT (pg_catalog.date_trunc('month', $1) + INTERVAL '1 month' - INTERVAL '1 day')::date $$;
CREATE FUNCTION redshift_catalog.date_part_year(date) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS
    $$ SELECT extract(year FROM $1)::integer $$;

-- r_ADD_MONTHS: from the last day of a month to the last day of a month.
CREATE FUNCTION redshift_catalog.add_months(timestamp, bigint) RETURNS timestamp LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT CASE WHEN $1::date = redshift_catalog.last_day($1) THEN redshift_catalog.last_day(later)::timestamp + $1::time ELSE later END
    FROM (SELECT $1 + $2 * INTERVAL '1 month' AS later) m
$$;

-- r_MONTHS_BETWEEN_function: whole months between equal days of the month or two last days; else parts of months of 31 days.
CREATE FUNCTION redshift_catalog.months_between(timestamp, timestamp) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT (12 * (extract(year FROM $1) - extract(year FROM $2)) + extract(month FROM $1) - extract(month FROM $2)
        + CASE WHEN extract(day FROM $1) = extract(day FROM $2)
                OR ($1::date = redshift_catalog.last_day($1) AND $2::date = redshift_catalog.last_day($2)) THEN 0
            ELSE (extract(day FROM $1) - extract(day FROM $2) + extract(epoch FROM $1::time - $2::time) / 86400) / 31 END)::double precision
$$;

-- r_NEXT_DAY: the first such weekday after a date; its name may be cut to two letters or more.
CREATE FUNCTION redshift_catalog.next_day(timestamp, text) RETURNS date LANGUAGE sql IMMUTABLE STRICT AS
$$
    SELECT $1::date + n
    FROM generate_series(1, 7) n
    WHERE length($2) >= 2 AND lower(to_char($1 + n * INTERVAL '1 day', 'FMDay')) LIKE lower($2) || '%'
$$;

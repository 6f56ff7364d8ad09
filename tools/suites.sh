# shellcheck shell=bash
# The suites of `./build.sh test`: what each needs, how it runs, and all of them side by side. Sourced by build.sh, whose functions and
# variables it uses.

# The longest first, so that none of them is left over at the end.
readonly SUITES=(deployment integration dbt report unit cdk launcher aws-local local-stack demo redshift-local)
readonly WORKSPACE=(unit integration)
# Those of integration that go through every point of what the others take samples of; they run when they are named.
readonly MORE_SUITES=(sweeps)
# Tests wait more than they compute, so there are more of them than processors.
readonly SUITES_AT_ONCE=3

# Sets `chosen` to the suites that are named, in the order in which they are to start; no name stands for all but the sweeps.
choose_suites() {
    local known name names=" $* "
    names=${names/ workspace / ${WORKSPACE[*]} }
    known=" ${SUITES[*]} ${MORE_SUITES[*]} "
    for name in $names; do
        [[ $known == *" $name "* ]] || die "there is no suite $name: name some of$known""or workspace (${WORKSPACE[*]})"
    done
    chosen=()
    for name in $known; do
        if [[ $names == *" $name "* || ($# == 0 && " ${SUITES[*]} " == *" $name "*) ]]; then chosen+=("$name"); fi
    done
}

# What a suite needs besides Python; sets `compiled` where it is compiled itself, and `programs` where it runs executables, too.
need_for_suite() {
    case $1 in
    unit)
        need_nextest
        compiled=1
        ;;
    integration | sweeps)
        need_nextest
        need_postgres
        need_connector
        programs=1
        ;;
    deployment)
        need_postgres
        need_node
        programs=1
        ;;
    dbt)
        need_postgres
        need_dbt
        programs=1
        ;;
    report)
        need_chromium
        programs=1
        ;;
    launcher) need_glue ;;
    cdk) need_node ;;
    esac
}

# Runs the suites that are named, and tells how long they took.
run_tests() {
    local chosen suite compiled='' programs='' TEST_SERVERS='' results=()
    local -A running=() seconds=() ends=()
    choose_suites "$@"
    # What a test that fails leaves behind goes with this script; `nobody` must pass, since PostgreSQL's data lies there.
    TMPDIR=$(mktemp -d)
    export TMPDIR
    trap 'end_suites; rm -rf "$TMPDIR" || true' EXIT
    chmod 755 "$TMPDIR"
    need_python
    for suite in "${chosen[@]}"; do need_for_suite "$suite"; done
    # Everything at once, so that cargo compiles no crate twice for other features.
    [[ ! $compiled && ! $programs ]] || build_programs --workspace --lib --bins --tests
    [[ ! $programs ]] || prepare_programs
    # Each suite gets a process group, which ends with this script however it ends.
    set -m
    for suite in "${chosen[@]}"; do
        ((${#running[@]} < SUITES_AT_ONCE)) || await_suite
        [[ $suite != integration && $suite != sweeps ]] || start_servers
        say "testing $suite"
        run_suite "$suite" >"$TMPDIR/$suite.log" 2>&1 </dev/null &
        running[$!]=$suite
        seconds[$suite]=-$SECONDS
    done
    while ((${#running[@]})); do await_suite; done
    set +m
    # What redshift-local was held to; several lines, since every client is asked on both kinds of warehouse.
    grep -ohE '(conformance|reference|sweep): [0-9].*' "$TMPDIR"/*.log | sort -u || true
    for suite in "${chosen[@]}"; do results+=("$suite=${ends[$suite]}=${seconds[$suite]}=$TMPDIR/$suite.xml"); done
    "$PYTHON" tools/suite_times.py "${results[@]}"
}

# Debuggers' part of the executables is left out: the tests upload and fetch them many times.
prepare_programs() {
    local job
    verify_jobs "$PROGRAMS"
    mkdir "$TMPDIR/executables"
    for job in "${JOBS[@]}"; do strip --strip-debug -o "$TMPDIR/executables/$job" "$PROGRAMS/$job"; done
    export_test_environment "$TMPDIR/executables"
}

# Waits for the first suite of those in `running` that ends; shows what it printed where it failed.
await_suite() {
    local ended suite status=passed
    wait -n -p ended "${!running[@]}" || status=failed
    suite=${running[$ended]}
    unset "running[$ended]"
    seconds[$suite]=$((seconds[$suite] + SECONDS))
    ends[$suite]=$status
    [[ $status == passed ]] || cat "$TMPDIR/$suite.log" >&2
    say "$suite $status after ${seconds[$suite]} seconds"
}

# As somebody at a terminal would: Python's tests stop what they have started.
end_suites() {
    local group
    for group in $(jobs -p); do kill -INT -- "-$group" 2>/dev/null || true; done
    wait
}

# Runs the tests of a suite, which write their times to <suite>.xml.
run_suite() {
    local times=$TMPDIR/$1.xml reporters
    case $1 in
    unit) nextest unit --filterset 'not binary(integration)' ;;
    integration) nextest integration --filterset 'binary(integration)' ;;
    sweeps) nextest sweeps --filterset 'binary(integration)' --run-ignored only ;;
    cdk)
        reporters=(--test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination="$times")
        (cd cdk && node --import tsx --test "${reporters[@]}" test/*.test.ts)
        ;;
    *) "$PYTHON" tools/python_tests.py "tests/$1" "$times" ;;
    esac
}

# Runs tests of the workspace by a profile of .config/nextest.toml. The packages are those that were built, for the same reason.
nextest() {
    local profile=$1 status=0
    shift
    rm -f "target/nextest/$profile/junit.xml"
    cargo nextest run --locked --workspace --lib --bins --tests --profile "$profile" "$@" || status=$?
    cp "target/nextest/$profile/junit.xml" "$times"
    return "$status"
}

# Starts what all end-to-end tests share, once; it ends with this script.
start_servers() {
    local ready=''
    [[ -z ${TEST_SERVERS:-} ]] || return 0
    coproc SERVERS { exec "$PROGRAMS/test-servers"; }
    read -r ready TEST_SERVERS <&"${SERVERS[0]}" || true
    export TEST_SERVERS
    [[ $ready == ready ]] || die "test-servers does not start"
}

#!/usr/bin/env bash
# The one door to everything: building, testing, checking, measuring, the demo and the local stack.
# Each verb installs what it needs, and says so; `./build.sh help` lists the verbs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# Tools and stacks live outside the clone, where the user `nobody` can reach them: PostgreSQL refuses to run as root.
export RTM_HOME=${RTM_HOME:-/var/tmp/redshift-tenant-migration}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}

readonly JOBS=(migrate-schema migrate-data refresh-views collect-report)
readonly TRIPLE=x86_64-unknown-linux-gnu # as in .cargo/config.toml
readonly PROGRAMS=$CARGO_TARGET_DIR/$TRIPLE/debug
readonly POSTGRES=$RTM_HOME/postgresql

usage() {
    cat <<'END'
./build.sh                          static release binaries, launcher and SHA-256 sums into dist/
./build.sh demo                     from nothing to a migrated sample tenant on a local stack of its own
./build.sh test [suite…]            every test, or those of suites: unit, integration, deployment, report, …, and sweeps, which are
                                    part of no other run; ends with the seconds of each suite and of the slowest tests
./build.sh check                    format and lints
./build.sh conformance [topic…]     the conformance files against the warehouse that REDSHIFT_HOST and its like name
./build.sh conformance first-hour   asks that warehouse what a migration depends on; names of questions may
                                    follow. Exit status 1 when an answer is not as assumed
./build.sh preflight -c env=NAME    tries, from where the deployed jobs run, what a migration needs, and prints what
                                    to put right first; cdk/environments/NAME.json says between which warehouses
./build.sh bench [name]             benchmarks; exit status 1 when a figure is over its limit
./build.sh local start|stop|status  a local stack to hack on; .local/env is for a shell to source
./build.sh help                     this text

Environment: CARGO_TARGET_DIR (default: target), RTM_HOME (tools and stacks; default: /var/tmp/redshift-tenant-migration)
END
}

# shellcheck source=tools/needs.sh
source tools/needs.sh
# shellcheck source=tools/suites.sh
source tools/suites.sh

say() { printf '== %s\n' "$*" >&2; }

die() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

# --- Building ---------------------------------------------------------------------------------------------------------

# Of the dev profile: optimised a little and static too, as what Glue runs is. Arguments: what to build instead, for a caller
# who builds more later: cargo chooses the features of crates by what it builds at once, and would compile the AWS SDK again
# for others. So the executables that the tests run hold the doubles of the feature `testing`, and nothing calls these; the
# lints of `check` see the jobs by themselves.
build_programs() {
    local packages=("${JOBS[@]/#/--package=}" --package=redshift-local)
    need_rust
    drop_unsafe_openssl debug dev
    say "building the jobs and redshift-local"
    (($# == 0)) || packages=("$@")
    cargo build --locked "${packages[@]}"
    verify_openssl debug
}

# An OpenSSL without threads (tools/perl-without-static says why) may lie in a target directory from before; cargo would keep it.
drop_unsafe_openssl() {
    (verify_openssl "$1") 2>/dev/null || cargo clean --quiet --package openssl-sys --target "$TRIPLE" --profile "$2"
}

verify_openssl() {
    local configuration
    for configuration in "$CARGO_TARGET_DIR/$TRIPLE/$1"/build/openssl-sys-*/out/openssl-build/install/include/openssl/configuration.h; do
        [[ ! -e $configuration ]] || grep -q 'define OPENSSL_THREADS' "$configuration" ||
            die "OpenSSL was built without threads: see tools/perl-without-static"
    done
}

# A job's executable must run where there is nothing but the executable.
verify_static() {
    local executable=$1 root
    if readelf --wide --program-headers --dynamic "$executable" | grep -qE 'INTERP|\(NEEDED\)'; then
        die "$executable is not statically linked: see .cargo/config.toml"
    fi
    root=$(mktemp -d)
    cp "$executable" "$root/job"
    [[ -n $(in_chroot "$root" /job --help) ]] || die "$executable does not print --help in an empty chroot"
    rm -rf "$root"
}

in_chroot() {
    if [[ $(id -u) == 0 ]]; then
        chroot "$@"
    else
        unshare --map-root-user chroot "$@" || die "no chroot: neither root nor allowed to make a user namespace"
    fi
}

# What the feature `testing` adds is for tests alone; its errors say so.
verify_no_doubles() {
    local job
    for job in "${JOBS[@]}"; do
        ! grep --quiet --fixed-strings "a test's trap" "$CARGO_TARGET_DIR/$TRIPLE/dist/$job" || die "$job holds doubles of the tests"
    done
}

verify_jobs() {
    local job
    for job in "${JOBS[@]}"; do
        verify_static "$1/$job"
    done
    say "static, and at home in an empty chroot: ${JOBS[*]}"
}

dist() {
    need_rust
    drop_unsafe_openssl dist dist
    say "building release binaries"
    cargo build --locked --profile dist "${JOBS[@]/#/--package=}"
    verify_openssl dist
    verify_no_doubles
    rm -rf dist
    mkdir dist
    cp "${JOBS[@]/#/$CARGO_TARGET_DIR/$TRIPLE/dist/}" jobs/launcher/launch.py dist/
    (cd dist && sha256sum "${JOBS[@]}" launch.py >SHA256SUMS)
    verify_jobs dist
    (cd dist && ls -l)
}

# --- Testing ----------------------------------------------------------------------------------------------------------

# What the Rust tests and benchmarks find; $1 is the directory of the jobs' executables.
export_test_environment() {
    PSQL=$(command -v psql)
    EXECUTABLES=$(realpath "$1")
    export PYTHON PSQL EXECUTABLES REDSHIFT_LOCAL_POSTGRES=$POSTGRES
    export CONNECTOR_PYTHON REDSHIFT_LOCAL=${REDSHIFT_LOCAL:-$PROGRAMS/redshift-local}
}

# Whatever differs from what the files say is told; exit status 1 then. The jobs' own session is asked besides.
conformance() {
    local client differs=0
    [[ -n ${REDSHIFT_HOST:-} ]] ||
        die "name a warehouse: REDSHIFT_HOST, REDSHIFT_PORT (5439), REDSHIFT_DATABASE, REDSHIFT_USER, REDSHIFT_PASSWORD (a" \
            "superuser's); REDSHIFT_KIND (provisioned or serverless) where the host's name does not tell; REDSHIFT_S3" \
            "(s3://bucket/prefix) with REDSHIFT_IAM_ROLE for UNLOAD and COPY; CONFORMANCE_CLIENT for another client"
    need_rust
    cargo build --locked --quiet --package migration-tests --bin conformance
    if [[ ${1:-} == first-hour ]]; then
        "$PROGRAMS/conformance" "$@"
        return
    fi
    need_connector
    need_debian psql:postgresql-client
    export CONNECTOR_PYTHON
    for client in ${CONFORMANCE_CLIENT:-tokio-postgres jobs}; do
        CONFORMANCE_CLIENT=$client "$PROGRAMS/conformance" "$@" || differs=1
    done
    return "$differs"
}

check() {
    need_rust
    need_cargo_deny
    need_checkov
    need_node
    need_debian shellcheck:shellcheck
    if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
        die "missing: rustfmt or clippy (rustup component add rustfmt clippy)"
    fi
    say "format"
    cargo fmt --all --check
    "$PYTHON" -m ruff format --check .
    npm run --silent --prefix cdk format:check
    say "lints"
    bash -n build.sh tools/needs.sh tools/suites.sh tools/preflight tools/run-log .ci/run
    shellcheck --external-sources build.sh tools/perl-without-static tools/preflight tools/run-log .ci/run
    "$PYTHON" -m ruff check --quiet .
    npm run --silent --prefix cdk lint
    cargo clippy --locked --workspace --all-targets -- -D warnings
    # As they are shipped: the workspace at once has features that tests ask for.
    cargo clippy --locked "${JOBS[@]/#/--package=}" -- -D warnings
    say "packages"
    "$CARGO_DENY" --locked --log-level warn check bans licenses sources
    audit_node_packages
    say "template of the example"
    lint_template
}

# npm asks the registry which packages have known holes. A mirror may not answer; then nothing is known, and that is said.
audit_node_packages() {
    local answer
    ! answer=$(npm audit --json --prefix cdk 2>/dev/null) || return 0
    grep -q '"auditReportVersion"' <<<"$answer" || {
        say "npm audit: not known, for the registry does not answer: $(sed -n 's/^  "message": "\(.*\)",$/\1/p' <<<"$answer")"
        return 0
    }
    npm audit --prefix cdk >&2 || true
    die "npm audit found what is listed above: move cdk/package.json on"
}

# Of what `cdk deploy` would send. Which executables it names does not matter: files that hold their own names take their place.
lint_template() {
    local directory name template
    directory=$(mktemp -d)
    for name in "${JOBS[@]}" launch.py; do printf '%s' "$name" >"$directory/$name"; done
    (cd "$directory" && sha256sum "${JOBS[@]}" launch.py >SHA256SUMS)
    npm run --silent --prefix cdk synth -- -c env=example -c dist="$directory" --output "$directory/cdk.out" --no-notices 2>"$directory/said" ||
        die "cdk synth of the example failed: $(cat "$directory/said")"
    template=$directory/cdk.out/redshift-tenant-migration-example.template.json
    "${PYTHON%/*}/cfn-lint" "$template"
    "$CHECKOV" --skip-download --quiet --compact --framework cloudformation --file "$template"
    rm -rf "$directory"
}

# A benchmark ends with a line per figure: name, ours, base, ratio, limit, `ok` or `over`.
bench() {
    local which=(--benches)
    (($# == 0)) || which=(--bench "$1")
    need_postgres
    need_connector
    need_node
    dist
    cargo build --locked --profile dist --package redshift-local
    REDSHIFT_LOCAL=$CARGO_TARGET_DIR/$TRIPLE/dist/redshift-local
    export_test_environment dist
    cargo bench --locked --profile dist --no-fail-fast --package migration-tests "${which[@]}" ||
        die "a figure is over its limit, or a benchmark failed"
}

# --- Running ----------------------------------------------------------------------------------------------------------

stack_options() {
    printf '%s\n' --redshift-local "$PROGRAMS/redshift-local" --postgres "$POSTGRES" \
        --launcher jobs/launcher/launch.py --executables "$PROGRAMS"
}

local_stack() {
    local options=() directory
    need_python
    directory=$RTM_HOME/stack-$(pwd -P | sha256sum | cut -c 1-12)
    mkdir -p .local
    ln -sfn "$directory" .local/stack
    case ${1:-} in
    start)
        need_postgres
        build_programs
        mapfile -t options < <(stack_options)
        options+=(--tenant norrvik)
        ;;
    stop | status) ;;
    *) die "local takes start, stop or status" ;;
    esac
    "$PYTHON" -m local_stack --directory "$directory" --environment .local/env "$1" "${options[@]}"
}

demo() {
    local options
    need_rust
    need_postgres
    need_node
    build_programs
    mapfile -t options < <(stack_options)
    "$PYTHON" -m demo --directory "$RTM_HOME/demo-$$" --report .local/demo "${options[@]}"
}

preflight() {
    [[ ${1:-} == -c && ${2:-} == env=* && $# == 2 ]] || die "preflight takes -c env=NAME, as cdk does"
    local file=cdk/environments/${2#env=}.json
    [[ -f $file ]] || die "there is no $file"
    exec tools/preflight "$file"
}

# The one verb that reaches an AWS account does so with the caller's own settings.
if [[ ${1:-} == preflight ]]; then preflight "${@:2}"; fi

# Nothing that is started here finds a way to a real AWS account, or to a proxy before the local endpoint.
for variable in "${!AWS_@}"; do unset "$variable"; done
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
# Python lets the lower-case name win.
no_proxy=localhost,127.0.0.1,${no_proxy:-${NO_PROXY:-}}
export no_proxy NO_PROXY=$no_proxy
# Flags from outside would take the place of those that link statically.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET
# PostgreSQL runs as another user under root and must pass the directories that are made here; secrets have their own mode.
umask 022

verb=${1:-dist}
shift || true
case $verb in
dist | check | conformance | bench | demo) "$verb" "$@" ;;
test) run_tests "$@" ;;
local) local_stack "$@" ;;
help | -h | --help) usage ;;
*)
    usage >&2
    die "there is no verb $verb"
    ;;
esac

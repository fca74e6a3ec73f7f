#!/bin/sh
# backup.sh save FOLDER     the database and the images, while everything runs
# backup.sh restore FOLDER  in their place, while api, worker and scheduler stand still
# GlitchTip's database: STACK=glitchtip. COMPOSE is the command that `docker compose` is here.
set -eu
cd "$(dirname "$0")/.."
stack=${STACK:-prod}
case $stack in
prod) postgres=postgres user=goimg apps="api worker scheduler" ;;
glitchtip) postgres=glitchtip-postgres user=glitchtip apps="glitchtip-web glitchtip-worker glitchtip-beat" ;;
*) echo "goimg: STACK must be prod or glitchtip." >&2 && exit 2 ;;
esac
compose() {
    # shellcheck disable=SC2086 # a command with arguments
    ${COMPOSE:-docker compose} --env-file "${ENV_FILE:-docker/.env.$stack}" -f "docker/docker-compose.$stack.yml" "$@"
}
folder=${2:?says where; usage: backup.sh save|restore FOLDER}
case $1 in
save)
    umask 077
    mkdir -p "$folder"
    compose exec -T "$postgres" pg_dump --username="$user" --format=custom "$user" >"$folder/database.part"
    # Whole or not there at all.
    mv "$folder/database.part" "$folder/database"
    [ "$stack" != prod ] || compose exec -T api tar -C /var/lib/goimg -cf - media >"$folder/media.tar"
    ;;
restore)
    [ -s "$folder/database" ] || { echo "goimg: there is no backup in $folder." >&2 && exit 2; }
    if [ "$stack" = prod ]; then
        compose exec -T api tar -C /var/lib/goimg -xf - <"$folder/media.tar"
    fi
    # shellcheck disable=SC2086 # one word for each service
    compose stop $apps
    compose exec -T "$postgres" pg_restore --username="$user" --dbname="$user" \
        --clean --if-exists --single-transaction <"$folder/database"
    # shellcheck disable=SC2086
    compose start $apps
    ;;
*) echo "goimg: usage: backup.sh save|restore FOLDER" >&2 && exit 2 ;;
esac

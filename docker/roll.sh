#!/bin/sh
# Replaces the API's containers without losing a request: set GOIMG_IMAGE in docker/.env.prod, then run this.
# Old and new run side by side for a while, so a migration must leave the old release working.
# COMPOSE is the command that `docker compose` is here; ENV_FILE the variables.
set -eu
cd "$(dirname "$0")/.."
compose() {
    # shellcheck disable=SC2086 # a command with arguments
    ${COMPOSE:-docker compose} --env-file "${ENV_FILE:-docker/.env.prod}" -f docker/docker-compose.prod.yml "$@"
}
# Gives nginx the replicas that are named, or all; what was begun with the others goes on there.
route() {
    compose exec -T nginx /docker-entrypoint.d/40-names.sh "$@"
    compose exec -T nginx nginx -t -q
    compose exec -T nginx nginx -s reload
}
names() { compose ps --format '{{.Name}}' api | sort; }

old=$(names)
[ -n "$old" ] || { echo "goimg: the API does not run; start it with: docker compose … up -d --wait" >&2; exit 2; }
count=$(echo "$old" | wc -l)
compose run --rm --no-deps -T migrate
compose up -d --no-build --pull "${PULL:-missing}" --no-deps --no-recreate --wait --scale api=$((count * 2)) api
new=$(names | grep -vxF "$old")
# shellcheck disable=SC2046
route $(echo "$new" | sed 's/$/:8000/')
# nginx's old workers finish what they began.
sleep "${DRAIN:-5}"
for name in $old; do
    echo "goimg: stopping $name" >&2
    ${DOCKER:-docker} stop -t 60 "$name" >/dev/null
    ${DOCKER:-docker} rm "$name" >/dev/null
done
route
compose up -d --no-build --pull "${PULL:-missing}" --no-deps --no-recreate --scale api="$count" api
compose up -d --no-build --pull "${PULL:-missing}" --no-deps --wait worker scheduler

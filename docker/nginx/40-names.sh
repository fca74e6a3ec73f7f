#!/bin/sh
# Writes what nginx.conf includes from /tmp. nginx's image runs this at start-up.
# With arguments (host:port of replicas), the API is these and no others: so a rolling update drains the rest.
set -eu
resolvers=$(awk '$1 == "nameserver" { print ($2 ~ /:/) ? "[" $2 "]" : $2 }' /etc/resolv.conf | tr '\n' ' ')
echo "server_name $SERVER_NAME;" >/tmp/server_name.conf
echo "server_name $GLITCHTIP_NAME;" >/tmp/tracker_name.conf
{
    # Short: a replica that was replaced has another address.
    echo "resolver $resolvers valid=2s ipv6=off;"
    echo "map '' \$api { default $([ $# -gt 0 ] && echo replicas || echo api:8000); }"
    if [ $# -gt 0 ]; then
        echo 'upstream replicas {'
        printf '    server %s max_fails=0;\n' "$@"
        echo '}'
    fi
    [ -z "$GLITCHTIP_NAME" ] || echo 'include /etc/nginx/tracker.conf;'
} >/tmp/names.conf

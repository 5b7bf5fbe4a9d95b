#!/bin/bash
# Whether the service of this container (GREENSCREEN_SERVICE, none for the whole cloud) can do its work; what it answered instead when not.
# In Bash, which opens sockets itself: an engine runs this every few seconds for each container, and starting Node so often costs more than the
# services at rest do. The ports are those of the image's environment, which the services read too.
set -euo pipefail

service=${GREENSCREEN_SERVICE:-control}
key=GREENSCREEN_${service^^}_PORT
if [ "$service" = gateway ]; then key=GREENSCREEN_GATEWAY_HTTP_PORT; fi
exec 3<>"/dev/tcp/127.0.0.1/${!key}"

# Asks for path $1; the answer has to begin with status $2.
expect() {
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$1" >&3
  answer=$(timeout 4 cat <&3)
  [[ $answer == "HTTP/1.1 $2 "* ]]
}

# login.microsoftonline.com A over TCP, where two bytes of length come first: answered, and with one address at least.
resolve() {
  printf '\0\53\0\1\1\0\0\1\0\0\0\0\0\0\5login\17microsoftonline\3com\0\0\1\0\1' >&3
  answer=$(timeout 4 head -c 10 <&3 | od -An -v -tx1)
  [[ $answer =~ ^(\ ..){5}\ .0\ 00\ 01\ 00\ (0[1-9a-f]|[1-9a-f].)$ ]]
}

case $service in
  dns) resolve ;;
  gateway) expect / 421 ;; # it has no address of its own: its plain port says so to every stranger
  *) expect /ready 200 ;;
esac || {
  echo "Not ready: $answer" >&2
  exit 1
}

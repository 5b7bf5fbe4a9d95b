#!/bin/sh
# A token request and a join with curl and OpenSSL, and nothing that knows of Greenscreen: name resolution and trust are all that is set.
#   join-with-curl.sh <user> <password>        prints the issuer of the device certificate
set -eu
user=$1 password=$2
cd "$(mktemp -d)"

member() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

token=$(curl -sS --fail-with-body https://login.microsoftonline.com/common/oauth2/token \
  --data-urlencode grant_type=password --data-urlencode "username=$user" --data-urlencode "password=$password" \
  --data-urlencode client_id=29d9ed98-a469-4536-ade2-f981bc1d605e \
  --data-urlencode resource=urn:ms-drs:enterpriseregistration.windows.net | member access_token)

# Where this user's domain registers devices, by the name below the domain itself.
curl -sS --fail-with-body -o discovery.json "https://enterpriseregistration.${user#*@}/${user#*@}/discover?api-version=1.6"

openssl req -new -newkey rsa:2048 -nodes -keyout device.key -subj /CN=7E980AD9-B86D-4306-9425-9AC066FB014A -outform DER -out device.csr 2>/dev/null
modulus=$(openssl rsa -in device.key -noout -modulus | sed 's/.*=//' | sed 's/../\\x&/g')
modulus=$(env printf '%b' "$modulus" | base64 -w0)
transport=$(printf '{"kty":"RSA","n":"%s","e":"AQAB"}' "$modulus" | base64 -w0)

cat > join.json <<END
{ "CertificateRequest": { "Type": "pkcs10", "Data": "$(base64 -w0 device.csr)" }, "TransportKey": "$transport",
  "TargetDomain": "${user#*@}", "DeviceType": "Windows", "OSVersion": "10.0.26100.2454", "DeviceDisplayName": "CURL-1", "JoinType": 0,
  "attributes": { "ReuseDevice": "true", "ReturnClientSid": "true" } }
END
curl -sS --fail-with-body 'https://enterpriseregistration.windows.net/EnrollmentServer/device/?api-version=1.0' \
  -H "Authorization: Bearer $token" -H 'Content-Type: application/json' --data @join.json |
  member RawBody | base64 -d > device.cer
openssl x509 -inform DER -in device.cer -noout -issuer

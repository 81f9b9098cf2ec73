#!/bin/sh
# Makes what docker-compose.yml needs in ./secrets: random passwords, a certificate authority of this machine's own and its
# certificates, and the declared clients with the digests of their secrets. What is there already is kept: delete a file to
# have it made anew. Needs openssl, and keytool or docker.
set -eu
umask 077
cd "$(dirname -- "$0")/.."
mkdir -p secrets
chmod 700 secrets
cd secrets

# Files are readable inside a container by its user; on this machine the directory keeps others out.
keep() { chmod 444 "$1"; }

random() { [ -e "$1" ] || { openssl rand -base64 32 | tr -d '\n' >"$1.new" && mv "$1.new" "$1" && keep "$1"; }; }

digest() { openssl dgst -sha256 -r <"$1" | cut -d ' ' -f 1; }

certificate() { # name, subject alternative names
  [ ! -e "$1.crt" ] || return 0
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout "$1.key.new" -subj "/CN=$1" -out "$1.csr" 2>/dev/null
  printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n' "$2" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -days 397 -sha256 -extfile "$1.ext" -out "$1.crt.new" 2>/dev/null
  rm -f "$1.csr" "$1.ext" "$1.key"
  mv "$1.key.new" "$1.key"
  mv "$1.crt.new" "$1.crt"
  keep "$1.crt"
  keep "$1.key"
}

truststore() {
  set -- -importcert -noprompt -alias gatehouse -file ca.crt -keystore truststore.p12.new -storetype PKCS12 -storepass unused \
    -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE
  if command -v keytool >/dev/null; then
    keytool "$@" 2>/dev/null
  else
    docker run --rm --network none --user "$(id -u):$(id -g)" --volume "$PWD:/work" --workdir /work eclipse-temurin:25-jre keytool "$@"
  fi
  mv truststore.p12.new truststore.p12
  keep truststore.p12
}

for name in master.key postgres-superuser-password postgres-password redis-password \
  orders-client-secret inventory-client-secret web-client-secret; do
  random "$name"
done

if [ ! -e ca.crt ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout ca.key -out ca.crt -days 3650 \
    -subj "/CN=Gatehouse on this machine" -addext basicConstraints=critical,CA:TRUE,pathlen:0 \
    -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
  chmod 400 ca.key
  keep ca.crt
  rm -f truststore.p12 auth-server.crt orders.crt inventory.crt
fi
[ -e truststore.p12 ] || truststore
certificate auth-server DNS:localhost,DNS:auth-server,IP:127.0.0.1
certificate orders DNS:localhost,DNS:orders,IP:127.0.0.1
certificate inventory DNS:localhost,DNS:inventory,IP:127.0.0.1

if [ ! -e redis.acl ] || [ redis-password -nt redis.acl ]; then
  rm -f redis.acl
  {
    echo "user default off resetpass -@all"
    echo "user gatehouse on #$(digest redis-password) ~gh:* resetchannels +@all -@admin -@dangerous +info"
  } >redis.acl
  keep redis.acl
fi

echo "secrets/ is complete. Let your browser trust secrets/ca.crt, or pass it to curl: curl --cacert secrets/ca.crt https://localhost:9000/..."

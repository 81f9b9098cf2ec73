#!/bin/sh
# Makes what docker-compose.yml needs in ./secrets: random passwords, a certificate authority of this machine's own and its
# certificates, and the declared clients with the digests of their secrets. What is there already is kept: delete a file to
# have it made anew. Needs openssl, and keytool and perl or else docker.
set -eu
umask 077
cd "$(dirname -- "$0")/.."
mkdir -p secrets
chmod 700 secrets
cd secrets

# Files are readable inside a container by its user; on this machine the directory keeps others out.
keep() { chmod 444 "$1"; }

random() { # name, form
  [ ! -e "$1" ] || return 0
  openssl rand "-$2" 32 | tr -d '\n' >"$1.new"
  mv "$1.new" "$1"
  keep "$1"
}

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

# The password on standard input as a bcrypt hash. Perl with a C library that knows bcrypt is on most machines, and in the image
# of PostgreSQL.
bcrypt() {
  script='chomp(my $p = <STDIN>); my $h = crypt($p, "\$2b\$12\$" . $ARGV[0]); die unless $h =~ /^\$2b\$12\$.{53}$/; print $h'
  salt=$(openssl rand -base64 18 | tr '+' '.' | cut -c 1-22)
  perl -e "$script" "$salt" <"$1" 2>/dev/null ||
    docker run --rm --interactive --network none --entrypoint perl postgres:18.6 -e "$script" "$salt" <"$1"
}

random master.key base64
for name in postgres-superuser-password postgres-password redis-password \
  orders-client-secret inventory-client-secret web-client-secret alice-password; do
  random "$name" hex
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

if [ ! -e declared.yml ]; then
  hash=$(bcrypt alice-password)
  cat >declared.yml <<DECLARED
apis:
  - audience: https://localhost:8081
    scopes: [orders.read, orders.write]
  - audience: https://localhost:8082
    scopes: [inventory.read, inventory.write]
clients:
  - id: orders
    secret-digest: $(digest orders-client-secret)
    grants: [client_credentials, token_exchange]
    scopes: [inventory.read, inventory.write]
    audience: https://localhost:8082
    serves: [https://localhost:8081]
    exchange: {orders.read: [inventory.read], orders.write: [inventory.write]}
  - id: inventory
    secret-digest: $(digest inventory-client-secret)
    audience: \${issuer}
    serves: [https://localhost:8082]
  - id: web
    secret-digest: $(digest web-client-secret)
    grants: [authorization_code, refresh_token]
    redirect-uris: [https://localhost:8081/login/oauth2/code/gatehouse]
    post-logout-redirect-uris: [https://localhost:8081/]
    scopes: [openid, profile, email, offline_access, orders.read, orders.write]
    audience: https://localhost:8081
    consent: false
people:
  - username: alice
    password-hash: "{bcrypt}$hash"
    roles: [user]
    claims: {name: Alice}
DECLARED
  keep declared.yml
fi

cat <<'DONE'
secrets/ is complete. Log in as alice with the password in secrets/alice-password. Let your browser trust secrets/ca.crt,
or pass it to curl: curl --cacert secrets/ca.crt https://localhost:9000/.well-known/openid-configuration
DONE

package dev.gatehouse.verifier;

import java.io.IOException;
import java.net.URI;

/** The issuer does not know this service's client, or does not let it read what it asked for. */
final class CredentialsRefusedException extends IOException {

    private static final long serialVersionUID = 1;

    CredentialsRefusedException(URI uri, int status) {
        super(uri + " answered " + status + ": the issuer does not accept this service's own client id and secret");
    }
}

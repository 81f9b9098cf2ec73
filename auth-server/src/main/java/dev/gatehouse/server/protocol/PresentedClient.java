package dev.gatehouse.server.protocol;

import dev.gatehouse.server.oauth.Secret;
import dev.gatehouse.server.token.IssueMoment;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A client as it presents itself, RFC 6749 section 2.3: not yet believed. */
final class PresentedClient extends AbstractAuthenticationToken {
    private final transient Form form;

    private final transient Proof proof;

    private final String address;

    private final transient IssueMoment moment;

    PresentedClient(Form form, Proof proof, String address, IssueMoment moment) {
        super(List.of());
        this.form = form;
        this.proof = proof;
        this.address = address;
        this.moment = moment;
    }

    /** What it shows to be believed. */
    sealed interface Proof {}

    /** Nothing but its name, as a public client does. */
    record NameOnly(String clientId) implements Proof {}

    /** Its secret, in the header or in the body. */
    record WithSecret(String clientId, Secret secret) implements Proof {}

    /** An access token of its own for the issuer, RFC 7662 section 2.1. */
    record WithToken(Secret token) implements Proof {}

    Form form() {
        return form;
    }

    Proof proof() {
        return proof;
    }

    /** Where the request comes from. */
    String address() {
        return address;
    }

    /**
     * When the request came. A token that is issued for it says this moment, so that a revocation which comes while the
     * request is judged refuses the token too.
     */
    IssueMoment moment() {
        return moment;
    }

    @Override
    public Object getPrincipal() {
        return "";
    }

    @Override
    public Object getCredentials() {
        return "";
    }
}

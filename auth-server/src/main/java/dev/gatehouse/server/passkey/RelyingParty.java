package dev.gatehouse.server.passkey;

import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;

/**
 * Who we are to authenticators.
 *
 * @param id the domain that passkeys are made for
 * @param origin where our pages are
 */
record RelyingParty(String id, String origin) {
    /** What a credential must have been told, by pages of ours alone and for this challenge. */
    ServerProperty expecting(byte[] challenge) {
        return ServerProperty.builder()
                .origin(new Origin(origin))
                .rpId(id)
                .challenge(new DefaultChallenge(challenge))
                .build();
    }
}

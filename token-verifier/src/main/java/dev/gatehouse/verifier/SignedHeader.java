package dev.gatehouse.verifier;

import com.nimbusds.jose.JWSHeader;
import java.util.Map;

/**
 * A token's header that promises what it should.
 *
 * @param encoded as it is written in the token
 * @param members the same as JSON, which nobody can change
 */
record SignedHeader(String encoded, JWSHeader jws, Map<String, Object> members) {

    /** The id of the key, once one was found by it. */
    String kid() {
        return String.valueOf(jws.getKeyID());
    }
}

package dev.gatehouse.server.passkey;

import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import java.util.List;

/** What passkeys may sign with, the preferred first: ES256, EdDSA and RS256, which between them every authenticator knows. */
final class SignatureAlgorithms {
    /** Their numbers in the COSE registry. */
    static final List<Long> COSE = List.of(-7L, -8L, -257L);

    static final List<PublicKeyCredentialParameters> PARAMETERS = COSE.stream()
            .map(COSEAlgorithmIdentifier::create)
            .map(algorithm -> new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm))
            .toList();

    private SignatureAlgorithms() {}
}

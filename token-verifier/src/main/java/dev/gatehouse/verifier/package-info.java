/** Local verification of Gatehouse access tokens: signature, claims, and the issuer's revocation rules. */
@NullMarked
package dev.gatehouse.verifier;

import org.jspecify.annotations.NullMarked;

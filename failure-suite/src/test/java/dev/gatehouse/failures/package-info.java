/** What was acknowledged as revoked stays revoked, whatever fails: docs/revocation.md. */
@NullMarked
package dev.gatehouse.failures;

import org.jspecify.annotations.NullMarked;

/** The words of OAuth that every package speaks: errors, scopes, secrets, the issuer. JDK only. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.gatehouse.server.oauth;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

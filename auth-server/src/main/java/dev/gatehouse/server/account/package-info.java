/** People: accounts, passwords, roles and standard claims. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "keys", "audit"})
package dev.gatehouse.server.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

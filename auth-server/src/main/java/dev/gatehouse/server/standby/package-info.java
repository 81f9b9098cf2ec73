/** What is begun while Redis is away, and would be there: whether it has to be, and the table of PostgreSQL that keeps it. */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.gatehouse.server.standby;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

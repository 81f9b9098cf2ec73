/** Bucket4j buckets: limits, decisions, and the fallback when Redis is away. */
@NullMarked
@ApplicationModule(allowedDependencies = {"oauth", "web", "keys", "audit"})
package dev.gatehouse.server.ratelimit;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;

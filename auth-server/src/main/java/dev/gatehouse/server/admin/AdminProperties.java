package dev.gatehouse.server.admin;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What an operator declares.
 *
 * @param declare a file with clients, APIs and people that is put into the stores at each start
 */
@ConfigurationProperties("gatehouse.admin")
record AdminProperties(@Nullable Path declare) {}

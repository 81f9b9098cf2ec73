package dev.gatehouse.server.mail;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How letters are sent. The SMTP server is named by {@code spring.mail.host} and so on; without one no letter is sent, and what
 * needs letters is not offered.
 *
 * @param from the sender's address
 * @param atOnce how many letters are handed to the SMTP server at once
 */
@ConfigurationProperties("gatehouse.mail")
record MailProperties(
        @Nullable String from, @DefaultValue("2") int atOnce) {
    MailProperties {
        if (atOnce < 1 || atOnce > 64) {
            throw new IllegalArgumentException("gatehouse.mail.at-once must be between 1 and 64");
        }
        if (from != null && EmailAddress.of(from).isEmpty()) {
            throw new IllegalArgumentException("gatehouse.mail.from must be an e-mail address");
        }
    }
}

package dev.gatehouse.server.mail;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An e-mail address as people write it: what the HTML standard takes for one, within the lengths of RFC 5321. No character in it
 * can end a header or name a second recipient.
 *
 * @param value as it was written
 */
public record EmailAddress(String value) {
    private static final int LONGEST = 254;

    private static final Pattern FORM =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@" + "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
                    + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    /** The address, or nothing for what is none. */
    public static Optional<EmailAddress> of(String written) {
        String value = written.strip();
        return value.length() <= LONGEST && FORM.matcher(value).matches()
                ? Optional.of(new EmailAddress(value))
                : Optional.empty();
    }

    /** What two spellings of one mailbox have in common. */
    public String key() {
        return value.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "an e-mail address";
    }
}

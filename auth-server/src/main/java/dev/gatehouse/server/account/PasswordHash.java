package dev.gatehouse.server.account;

/**
 * A password that was hashed elsewhere, in any of the spellings that {@link HashFormats} reads; kept in the house's.
 *
 * @param stored as given; an {@link IllegalArgumentException} says what is wrong with it, without repeating it
 */
public record PasswordHash(String stored) {
    public PasswordHash {
        stored = HashFormats.read(stored).stored();
    }

    @Override
    public String toString() {
        return "***";
    }
}

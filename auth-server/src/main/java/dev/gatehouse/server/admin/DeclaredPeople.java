package dev.gatehouse.server.admin;

import dev.gatehouse.server.account.PasswordHash;
import dev.gatehouse.server.oauth.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the people of a file. */
final class DeclaredPeople {
    private static final List<String> KEYS =
            List.of("username", "password", "password-hash", "email", "email-verified", "roles", "claims");

    private static final Pattern USERNAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}._@+-]{1,254}");

    private static final Pattern EMAIL =
            Pattern.compile("[^\\s@\\p{Cntrl}\"<>(),;:\\\\]{1,64}@[\\p{L}\\p{N}]([\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?"
                    + "(\\.[\\p{L}\\p{N}]([\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?)*");

    private static final int LONGEST_EMAIL = 254;

    private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private final Surroundings known;

    private final Problems problems;

    private final Set<String> usernames = new HashSet<>();

    DeclaredPeople(Surroundings known, Problems problems) {
        this.known = known;
        this.problems = problems;
    }

    List<DeclaredPerson> read(List<Section> sections) {
        List<DeclaredPerson> people = new ArrayList<>();
        sections.forEach(section -> read(section).ifPresent(people::add));
        return people;
    }

    private Optional<DeclaredPerson> read(Section section) {
        int before = problems.count();
        section.allowOnly(KEYS);
        String username = username(section);
        String email = email(section.text("email"));
        boolean emailVerified = emailVerified(section);
        List<String> roles = roles(section.texts("roles"));
        Map<String, Object> claims = section.section("claims")
                .map(given -> StandardClaims.read(given, problems))
                .orElse(Map.of());
        if (section.has("password") && section.has("password-hash")) {
            section.refuse("password-hash", "give \"password\" or \"password-hash\", not both");
        }
        Secret password = password(section.text("password"));
        PasswordHash passwordHash = passwordHash(section.text("password-hash"));
        return problems.count() > before
                ? Optional.empty()
                : Optional.of(
                        new DeclaredPerson(username, email, emailVerified, roles, claims, password, passwordHash));
    }

    private String username(Section section) {
        Text username = section.required("username");
        if (username == null) {
            return "";
        }
        if (!USERNAME.matcher(username.value()).matches()) {
            problems.add(username.line(), "\"username\" must have 1 to 254 letters, digits or . _ @ + -");
        } else if (!usernames.add(DeclaredPerson.key(username.value()))) {
            problems.add(username.line(), "the person " + Problems.quote(username.value()) + " is declared twice");
        }
        return username.value();
    }

    private @Nullable String email(@Nullable Text email) {
        if (email == null) {
            return null;
        }
        if (email.value().length() > LONGEST_EMAIL
                || !EMAIL.matcher(email.value()).matches()) {
            problems.add(email.line(), "\"email\" must be an address such as carol@example.com");
        }
        return email.value();
    }

    private static boolean emailVerified(Section section) {
        boolean verified = section.flag("email-verified", section.has("email"));
        if (verified && !section.has("email")) {
            section.refuse("email-verified", "\"email-verified: true\" needs \"email\"");
        }
        return verified;
    }

    private List<String> roles(List<Text> roles) {
        for (Text role : roles) {
            if (!ROLE.matcher(role.value()).matches()) {
                problems.add(role.line(), "a role must have 1 to 64 letters, digits or . _ : -");
            }
        }
        return roles.stream().map(Text::value).distinct().toList();
    }

    private @Nullable Secret password(@Nullable Text password) {
        if (password == null) {
            return null;
        }
        if (!known.plainSecrets()) {
            problems.add(password.line(), "\"password\" is allowed only in the demo: give \"password-hash\"");
        } else if (!isGoodLength(password.value())) {
            problems.add(password.line(), "\"password\" must have 8 to 256 characters");
        }
        return new Secret(password.value());
    }

    private static boolean isGoodLength(String password) {
        int length = password.codePointCount(0, password.length());
        return length >= 8 && length <= 256;
    }

    private @Nullable PasswordHash passwordHash(@Nullable Text hash) {
        if (hash == null) {
            return null;
        }
        try {
            return new PasswordHash(hash.value());
        } catch (IllegalArgumentException e) {
            problems.add(hash.line(), "\"password-hash\" " + e.getMessage());
            return null;
        }
    }
}

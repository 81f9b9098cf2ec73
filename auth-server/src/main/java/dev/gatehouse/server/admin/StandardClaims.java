package dev.gatehouse.server.admin;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the standard claims of a person, OpenID Connect Core section 5.1. */
final class StandardClaims {
    private static final List<String> NAMES = List.of(
            "name",
            "given_name",
            "family_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "phone_number",
            "phone_number_verified",
            "address",
            "updated_at");

    private static final List<String> ADDRESS =
            List.of("formatted", "street_address", "locality", "region", "postal_code", "country");

    private static final Set<String> PROTOCOL = Set.of(
            "iss",
            "sub",
            "aud",
            "exp",
            "nbf",
            "iat",
            "jti",
            "client_id",
            "scope",
            "azp",
            "nonce",
            "at_hash",
            "c_hash",
            "auth_time",
            "acr",
            "amr",
            "sid",
            "grant_id",
            "roles",
            "rev",
            "act",
            "may_act",
            "origin",
            "cnf");

    private static final Set<String> URLS = Set.of("profile", "picture", "website");

    private static final Pattern BIRTHDATE = Pattern.compile("\\d{4}|\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])");

    private static final Pattern SECONDS = Pattern.compile("\\d{1,11}");

    private StandardClaims() {}

    static Map<String, Object> read(Section section, Problems problems) {
        Map<String, Object> claims = new LinkedHashMap<>();
        for (String name : section.keys()) {
            Object value = NAMES.contains(name) ? value(section, name, problems) : unknown(section, name);
            if (value != null) {
                claims.put(name, value);
            }
        }
        return claims;
    }

    private static @Nullable Object unknown(Section section, String name) {
        if (PROTOCOL.contains(name)) {
            section.refuse(name, "the claim " + Problems.quote(name) + " is the protocol's and cannot be declared");
        } else if (name.equals("email") || name.equals("email_verified")) {
            section.refuse(
                    name,
                    "the claim " + Problems.quote(name) + " is declared as " + Problems.quote(name.replace('_', '-'))
                            + " of the person");
        } else {
            section.refuse(name, "unknown claim " + Problems.quote(name) + ": allowed are " + String.join(", ", NAMES));
        }
        return null;
    }

    private static @Nullable Object value(Section section, String name, Problems problems) {
        return switch (name) {
            case "phone_number_verified" -> section.flag(name, false);
            case "address" -> section.section(name).map(StandardClaims::address).orElse(null);
            default -> text(section.text(name), name, problems);
        };
    }

    private static Map<String, Object> address(Section section) {
        section.allowOnly(ADDRESS);
        Map<String, Object> address = new LinkedHashMap<>();
        for (String part : ADDRESS) {
            Text text = section.text(part);
            if (text != null) {
                address.put(part, text.value());
            }
        }
        return address;
    }

    private static @Nullable Object text(@Nullable Text text, String name, Problems problems) {
        if (text == null) {
            return null;
        }
        if (text.value().indexOf('\n') >= 0) {
            problems.add(text.line(), Problems.quote(name) + " must be one line");
        }
        if (URLS.contains(name) && !isWebUrl(text.value())) {
            problems.add(text.line(), Problems.quote(name) + " must be an http or https URL");
        }
        if (name.equals("birthdate") && !BIRTHDATE.matcher(text.value()).matches()) {
            problems.add(text.line(), "\"birthdate\" must be YYYY-MM-DD, 0000-MM-DD or YYYY");
        }
        if (name.equals("updated_at")) {
            return seconds(text, problems);
        }
        return text.value();
    }

    private static @Nullable Object seconds(Text text, Problems problems) {
        if (SECONDS.matcher(text.value()).matches()) {
            return Long.valueOf(text.value());
        }
        problems.add(text.line(), "\"updated_at\" must be a number of seconds since 1970");
        return null;
    }

    private static boolean isWebUrl(String value) {
        try {
            URI uri = URI.create(value);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}

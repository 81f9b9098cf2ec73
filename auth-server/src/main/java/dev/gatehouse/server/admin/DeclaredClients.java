package dev.gatehouse.server.admin;

import dev.gatehouse.server.client.AuthenticationMethod;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Scopes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the clients of a file and refuses what would make one unsafe. */
final class DeclaredClients {
    private static final List<String> KEYS = List.of(
            "id",
            "name",
            "secret",
            "secret-digest",
            "jwks",
            "jwks-uri",
            "authentication",
            "grants",
            "redirect-uris",
            "post-logout-redirect-uris",
            "backchannel-logout-uri",
            "backchannel-logout-session-required",
            "scopes",
            "audience",
            "serves",
            "exchange",
            "consent",
            "require-pkce",
            "rate-limited",
            "id-token-signing-algorithm",
            "require-acr");

    private static final Set<String> GRANTS =
            Set.of(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN, Client.CLIENT_CREDENTIALS, Client.TOKEN_EXCHANGE);

    private static final Pattern ID = Pattern.compile("[\\x21-\\x7E]{1,255}");

    private static final Pattern UUID_FORM = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final int LONGEST_NAME = 255;

    private final Surroundings known;

    private final Problems problems;

    private final Set<String> ids = new HashSet<>();

    DeclaredClients(Surroundings known, Problems problems) {
        this.known = known;
        this.problems = problems;
    }

    List<DeclaredClient> read(List<Section> sections) {
        List<DeclaredClient> clients = new ArrayList<>();
        sections.forEach(section -> read(section).ifPresent(clients::add));
        return clients;
    }

    private Optional<DeclaredClient> read(Section section) {
        int before = problems.count();
        section.allowOnly(KEYS);
        String id = id(section);
        ClientCredentials credentials = ClientCredentials.read(section, known.plainSecrets(), problems);
        boolean isPublic = credentials.method() == AuthenticationMethod.NONE;
        List<String> redirectUris = RedirectUris.read(section, "redirect-uris", problems);
        List<String> afterLogout = RedirectUris.read(section, "post-logout-redirect-uris", problems);
        Set<String> grants = grants(section, isPublic, redirectUris);
        Scopes scopes = scopes(section);
        boolean requirePkce = requirePkce(section, isPublic, scopes);
        String audience = audience(section);
        Set<String> serves = serves(section, isPublic);
        Map<String, Scopes> exchange = exchange(section, grants);
        boolean consent = section.flag("consent", true);
        boolean rateLimited = section.flag("rate-limited", true);
        SigningAlgorithm idTokenAlgorithm =
                new DeclaredAlgorithm(known.algorithms(), problems).read(section, "id-token-signing-algorithm");
        boolean requireSecondFactor = requireSecondFactor(section);
        String backchannelLogout = RedirectUris.readServer(section, "backchannel-logout-uri", problems);
        boolean backchannelSession = section.flag("backchannel-logout-session-required", false);
        String name = name(section, id);
        if (problems.count() > before) {
            return Optional.empty();
        }
        Client client = new Client(
                id,
                name,
                credentials.method(),
                grants,
                redirectUris,
                afterLogout,
                scopes,
                audience,
                consent,
                requirePkce,
                serves,
                exchange,
                rateLimited,
                idTokenAlgorithm,
                requireSecondFactor,
                backchannelLogout,
                backchannelSession);
        return Optional.of(new DeclaredClient(client, credentials.secret(), credentials.secretDigest()));
    }

    private String id(Section section) {
        Text id = section.required("id");
        if (id == null) {
            return "";
        }
        if (!ID.matcher(id.value()).matches()) {
            problems.add(id.line(), "\"id\" must have 1 to 255 printable ASCII characters and no space");
        } else if (UUID_FORM.matcher(id.value()).matches()) {
            problems.add(id.line(), "\"id\" must not have the form of a UUID, which is the form of a person's");
        } else if (!ids.add(id.value())) {
            problems.add(id.line(), "the client " + Problems.quote(id.value()) + " is declared twice");
        }
        return id.value();
    }

    private String name(Section section, String id) {
        Text name = section.text("name");
        if (name == null) {
            return id;
        }
        if (name.value().length() > LONGEST_NAME || name.value().indexOf('\n') >= 0) {
            problems.add(name.line(), "\"name\" must be one line of at most " + LONGEST_NAME + " characters");
        }
        return name.value();
    }

    private Set<String> grants(Section section, boolean isPublic, List<String> redirectUris) {
        Set<String> grants = new LinkedHashSet<>();
        for (Text text : section.texts("grants")) {
            String grant = text.value().equals("token_exchange") ? Client.TOKEN_EXCHANGE : text.value();
            if (!GRANTS.contains(grant)) {
                problems.add(
                        text.line(),
                        "unknown grant " + Problems.quote(text.value()) + ": allowed are authorization_code,"
                                + " refresh_token, client_credentials, token_exchange");
            }
            grants.add(grant);
        }
        if (isPublic && grants.contains(Client.CLIENT_CREDENTIALS)) {
            section.refuse("grants", "a public client cannot have the grant client_credentials");
        }
        if (isPublic && grants.contains(Client.TOKEN_EXCHANGE)) {
            section.refuse("grants", "a public client cannot have the grant token_exchange");
        }
        if (grants.contains(Client.AUTHORIZATION_CODE) && redirectUris.isEmpty()) {
            section.refuse("grants", "the grant authorization_code needs \"redirect-uris\"");
        }
        if (grants.contains(Client.REFRESH_TOKEN) && !grants.contains(Client.AUTHORIZATION_CODE)) {
            section.refuse("grants", "the grant refresh_token needs the grant authorization_code");
        }
        return grants;
    }

    private boolean requirePkce(Section section, boolean isPublic, Scopes scopes) {
        boolean requirePkce = section.flag("require-pkce", true);
        if (!requirePkce && isPublic) {
            section.refuse("require-pkce", "a public client cannot have \"require-pkce: false\"");
        } else if (!requirePkce && !scopes.contains("openid")) {
            section.refuse("require-pkce", "\"require-pkce: false\" is only for a client with the scope openid");
        }
        return requirePkce;
    }

    /** The classes of authentication are "1", one factor, and "2", more than one. */
    private boolean requireSecondFactor(Section section) {
        Text acr = section.text("require-acr");
        if (acr == null) {
            return false;
        }
        if (!acr.value().equals("1") && !acr.value().equals("2")) {
            problems.add(acr.line(), "\"require-acr\" must be 1 or 2");
        }
        return acr.value().equals("2");
    }

    private Scopes scopes(Section section) {
        return known(section.texts("scopes"));
    }

    private Scopes known(List<Text> scopes) {
        for (Text scope : scopes) {
            check(scope.line(), scope.value());
        }
        return Scopes.of(scopes.stream().map(Text::value).toList());
    }

    private void check(int line, String scope) {
        if (!known.scopes().contains(scope)) {
            problems.add(
                    line,
                    "unknown scope " + Problems.quote(scope) + ": allowed are the scopes of the declared APIs and "
                            + Scopes.OPENID_CONNECT);
        }
    }

    private @Nullable String audience(Section section) {
        Text audience = section.text("audience");
        return audience == null ? null : api(audience);
    }

    private Set<String> serves(Section section, boolean isPublic) {
        Set<String> serves = new LinkedHashSet<>();
        section.texts("serves").forEach(text -> serves.add(api(text)));
        if (isPublic && !serves.isEmpty()) {
            section.refuse("serves", "a public client cannot be a resource server");
        }
        return serves;
    }

    private String api(Text text) {
        String audience = known.resolve(text.value());
        if (!known.audiences().contains(audience)) {
            problems.add(
                    text.line(),
                    "unknown audience " + Problems.quote(audience) + ": allowed are the declared APIs and ${issuer}");
        }
        return audience;
    }

    private Map<String, Scopes> exchange(Section section, Set<String> grants) {
        Map<String, Scopes> exchange = new LinkedHashMap<>();
        section.section("exchange").ifPresent(table -> {
            for (String subjectScope : table.keys()) {
                check(table.line(subjectScope), subjectScope);
                exchange.put(subjectScope, known(table.texts(subjectScope)));
            }
        });
        if (!exchange.isEmpty() && !grants.contains(Client.TOKEN_EXCHANGE)) {
            section.refuse("exchange", "\"exchange\" needs the grant token_exchange");
        }
        return exchange;
    }
}

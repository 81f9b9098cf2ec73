package dev.gatehouse.server.admin;

import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.ScopeTexts;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the APIs of a file. What is wrong with one is noted, and it still counts as an API that a client may name. */
final class DeclaredApis {
    private static final List<String> KEYS = List.of("audience", "scopes", "signing-algorithm", "scope-texts");

    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,255}");

    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}");

    private final Issuer issuer;

    private final DeclaredAlgorithm algorithm;

    private final Problems problems;

    private final Set<String> audiences = new HashSet<>();

    DeclaredApis(Issuer issuer, List<SigningAlgorithm> algorithms, Problems problems) {
        this.issuer = issuer;
        this.algorithm = new DeclaredAlgorithm(algorithms, problems);
        this.problems = problems;
    }

    List<Api> read(List<Section> sections) {
        List<Api> apis = new ArrayList<>();
        for (Section section : sections) {
            section.allowOnly(KEYS);
            Text audience = section.required("audience");
            Text ignored = section.has("scopes") ? null : section.required("scopes");
            Scopes scopes = scopes(section.texts("scopes"));
            SigningAlgorithm signingAlgorithm = algorithm.read(section, "signing-algorithm");
            ScopeTexts texts = texts(section, scopes);
            if (audience != null && ignored == null) {
                check(audience);
                apis.add(new Api(audience.value(), scopes, signingAlgorithm, texts));
            }
        }
        return apis;
    }

    private ScopeTexts texts(Section api, Scopes scopes) {
        Map<String, Map<String, String>> texts = new LinkedHashMap<>();
        api.section("scope-texts").ifPresent(section -> {
            for (String scope : section.keys()) {
                if (scopes.contains(scope)) {
                    section.section(scope).ifPresent(languages -> texts.put(scope, languages(languages)));
                } else {
                    section.refuse(
                            scope, "there is a text for " + Problems.quote(scope) + ", which is no scope of this API");
                }
            }
        });
        return new ScopeTexts(texts);
    }

    private static Map<String, String> languages(Section section) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String language : section.keys()) {
            if (!LANGUAGE.matcher(language).matches()) {
                section.refuse(language, Problems.quote(language) + " is no language code such as en or de");
            }
            Text text = section.text(language);
            if (text != null) {
                texts.put(language, text.value());
            }
        }
        return texts;
    }

    private void check(Text audience) {
        if (!isAbsoluteUri(audience.value())) {
            problems.add(audience.line(), "an audience must be an absolute URI without fragment and wildcard");
        } else if (audience.value().equals(issuer.value())) {
            problems.add(audience.line(), "the issuer is an API of its own and cannot be declared");
        } else if (!audiences.add(audience.value())) {
            problems.add(audience.line(), "the API " + Problems.quote(audience.value()) + " is declared twice");
        }
    }

    private static boolean isAbsoluteUri(String value) {
        try {
            URI uri = new URI(value);
            return uri.isAbsolute()
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null
                    && value.indexOf('*') < 0
                    && value.chars().allMatch(c -> c > 0x20 && c < 0x7F);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private Scopes scopes(List<Text> texts) {
        for (Text text : texts) {
            @Nullable String wrong = wrongWith(text.value());
            if (wrong != null) {
                problems.add(text.line(), wrong);
            }
        }
        return Scopes.of(texts.stream().map(Text::value).toList());
    }

    private static @Nullable String wrongWith(String scope) {
        if (!SCOPE.matcher(scope).matches()) {
            return "a scope must have 1 to 255 printable ASCII characters, none of them a space, quote or backslash";
        }
        return Scopes.OPENID_CONNECT.contains(scope) || scope.equals(Api.ADMIN_SCOPE)
                ? "the scope " + Problems.quote(scope) + " belongs to the issuer and cannot be an API's"
                : null;
    }
}

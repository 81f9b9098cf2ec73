package dev.gatehouse.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.server.account.PasswordHash;
import dev.gatehouse.server.client.Api;
import dev.gatehouse.server.client.AuthenticationMethod;
import dev.gatehouse.server.client.Client;
import dev.gatehouse.server.client.ScopeTexts;
import dev.gatehouse.server.keys.SigningAlgorithm;
import dev.gatehouse.server.oauth.Issuer;
import dev.gatehouse.server.oauth.Scopes;
import dev.gatehouse.server.oauth.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeclaredConfigurationReaderTest {
    private static final Issuer ISSUER = new Issuer("https://id.example");

    private static final List<Api> NO_OTHER_APIS = List.of();

    private static final String GOOD_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static final String GOOD_HASH =
            "{argon2}$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxMjM0NTY$U29tZUhhc2hUaGF0SXNMb25nRW5vdWdoMTIzNDU2Nzg";

    private static final String CLIENT_KEYS = "id, name, secret, secret-digest, jwks, jwks-uri, authentication, grants,"
            + " redirect-uris, post-logout-redirect-uris, backchannel-logout-uri,"
            + " backchannel-logout-session-required, scopes, audience, serves, exchange, consent, require-pkce,"
            + " rate-limited, id-token-signing-algorithm, require-acr";

    private static final String OIDC = "openid profile email address phone offline_access";

    private final DeclaredConfigurationReader inDemo =
            new DeclaredConfigurationReader(ISSUER, true, List.of(SigningAlgorithm.RS256, SigningAlgorithm.ES256));

    private final DeclaredConfigurationReader elsewhere =
            new DeclaredConfigurationReader(ISSUER, false, List.of(SigningAlgorithm.RS256, SigningAlgorithm.ES256));

    @Test
    void readsTheExampleOfTheDocumentation() throws IOException {
        DeclaredConfiguration declared = inDemo.read("example", example(), NO_OTHER_APIS);

        assertThat(declared.apis())
                .containsExactly(new Api(
                        "https://billing.example",
                        Scopes.of("billing.read", "billing.write"),
                        null,
                        new ScopeTexts(Map.of(
                                "billing.read", Map.of("en", "See your invoices", "de", "Ihre Rechnungen sehen")))));
        assertThat(declared.clients())
                .extracting(client -> client.client().id())
                .containsExactly("billing-ui", "billing-app", "billing");
        Client ui = declared.clients().getFirst().client();
        assertThat(ui.authentication()).isEqualTo(AuthenticationMethod.CLIENT_SECRET_BASIC);
        assertThat(ui.grants()).containsExactlyInAnyOrder(Client.AUTHORIZATION_CODE, Client.REFRESH_TOKEN);
        assertThat(ui.redirectUris()).containsExactly("https://billing.example/callback");
        assertThat(ui.postLogoutRedirectUris()).containsExactly("https://billing.example/");
        assertThat(ui.audience()).isEqualTo("https://billing.example");
        assertThat(ui.consent()).isFalse();
        assertThat(declared.clients().getFirst().secret()).isEqualTo(new Secret("only-in-the-demo"));
        assertThat(declared.clients().get(1).client().isPublic()).isTrue();
        DeclaredClient service = declared.clients().get(2);
        assertThat(service.secretDigest()).isEqualTo(GOOD_DIGEST);
        assertThat(service.client().audience()).isEqualTo(ISSUER.value());
        assertThat(service.client().grants()).contains(Client.TOKEN_EXCHANGE);
        assertThat(service.client().serves()).containsExactly("https://billing.example");
        assertThat(service.client().exchange()).isEqualTo(Map.of("billing.write", Scopes.of("billing.read")));
        DeclaredPerson carol = declared.people().getFirst();
        assertThat(carol.email()).isEqualTo("carol@example.com");
        assertThat(carol.emailVerified()).isTrue();
        assertThat(carol.claims())
                .containsEntry("birthdate", "1990-01-01")
                .containsEntry("phone_number", "+1 555 0100")
                .containsEntry(
                        "address",
                        Map.of(
                                "street_address",
                                "1 Main Street",
                                "locality",
                                "Springfield",
                                "postal_code",
                                "01101",
                                "country",
                                "US"));
    }

    private static String example() throws IOException {
        String document = Files.readString(Path.of("../docs/declared-configuration.md"));
        int start = document.indexOf("```yaml\n") + "```yaml\n".length();
        return document.substring(start, document.indexOf("```", start));
    }

    @Test
    void aClientThatSaysLittleIsAskedForMuch() {
        Client client = inDemo.read("f", client("secret: long-enough"), NO_OTHER_APIS)
                .clients()
                .getFirst()
                .client();
        assertThat(client.name()).isEqualTo("c");
        assertThat(client.authentication()).isEqualTo(AuthenticationMethod.CLIENT_SECRET_BASIC);
        assertThat(client.grants()).isEmpty();
        assertThat(client.consent()).isTrue();
        assertThat(client.requirePkce()).isTrue();
        assertThat(client.rateLimited()).isTrue();
        assertThat(client.audience()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing yet\n", "apis: []\nclients: []\npeople: []\n"})
    void whatDeclaresNothingIsFine(String yaml) {
        assertThat(inDemo.read("f", yaml, NO_OTHER_APIS)).isEqualTo(DeclaredConfiguration.empty());
    }

    @Test
    void aClientMayReferToAnApiThatIsThereAlready() {
        Api orders = new Api("https://orders.example", Scopes.of("orders.read"), null);
        assertThat(inDemo.read(
                                "f",
                                client("secret: long-enough\nscopes: [orders.read]\naudience: https://orders.example"),
                                List.of(orders))
                        .clients())
                .hasSize(1);
    }

    @Test
    void digestsAndHashesAreFineEverywhere() {
        String base64url = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg";
        String bcrypt = "{bcrypt}$2a$10$" + "abcdefghijklmnopqrstu" + "vwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0";
        DeclaredConfiguration declared = elsewhere.read(
                "f",
                client("secret-digest: " + base64url) + person("password-hash: '" + GOOD_HASH + "'"),
                NO_OTHER_APIS);
        assertThat(declared.clients().getFirst().secretDigest()).isEqualTo(GOOD_DIGEST);
        assertThat(declared.people().getFirst().passwordHash()).isEqualTo(new PasswordHash(GOOD_HASH));
        assertThat(elsewhere
                        .read("f", person("password-hash: '" + bcrypt + "'"), NO_OTHER_APIS)
                        .people())
                .extracting(DeclaredPerson::passwordHash)
                .containsExactly(new PasswordHash(bcrypt));
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceInTheOrderOfTheLines() {
        String yaml = """
                colours: []
                apis:
                  - audience: billing
                clients:
                  - id: broken
                    grants: [password]
                    colour: blue
                    scopes: [openid, nowhere.read]
                people:
                  - username: carol
                    roles: user
                    claims: {sub: someone else}
                """;
        assertThat(problems(inDemo, yaml))
                .containsExactly(
                        "f:1: unknown key \"colours\" in the file: allowed are apis, clients, people",
                        "f:3: an API needs \"scopes\"",
                        "f:3: an audience must be an absolute URI without fragment and wildcard",
                        "f:5: a client needs \"secret-digest\", or \"authentication: none\" when it is public",
                        "f:6: unknown grant \"password\": allowed are authorization_code, refresh_token,"
                                + " client_credentials, token_exchange",
                        "f:7: unknown key \"colour\" in a client: allowed are " + CLIENT_KEYS,
                        "f:8: unknown scope \"nowhere.read\": allowed are the scopes of the declared APIs and " + OIDC,
                        "f:11: \"roles\" must be a list",
                        "f:12: the claim \"sub\" is the protocol's and cannot be declared");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://app.example/cb#part       | must have no fragment
            https://app.example/cb#           | must have no fragment
            https://user:pw@app.example/cb    | must have no user info
            https://good.example@evil.example | must have no user info
            https://*.example/cb              | must have no wildcard
            https://app.example/*             | must have no wildcard
            /callback                         | must be an absolute URI
            //app.example/callback            | must be an absolute URI
            http://app.example/cb             | must use https: http is for this machine only
            http://localhost.evil.example/cb  | must use https: http is for this machine only
            http://127.0.0.1.evil.example/cb  | must use https: http is for this machine only
            http://[::2]/cb                   | must use https: http is for this machine only
            https:callback                    | must name a host
            https:///callback                 | must name a host
            javascript:alert(1)               | must use https, http to this machine, or an app's scheme with a dot in it
            JavaScript://app.example/%0aalert | must use https, http to this machine, or an app's scheme with a dot in it
            data:text/html,hello              | must use https, http to this machine, or an app's scheme with a dot in it
            file:///etc/passwd                | must use https, http to this machine, or an app's scheme with a dot in it
            https://app.example/c b           | is not a URI
            https://app.example\\evil.example | is not a URI
            https://äpp.example/cb            | must be ASCII: encode other characters
            """)
    void aRedirectUriThatCouldLeadACodeAstrayIsRefused(String uri, String why) {
        for (String key : List.of("redirect-uris", "post-logout-redirect-uris")) {
            assertThat(problems(inDemo, client("secret: long-enough\n" + key + ":\n  - '" + uri + "'")))
                    .containsExactly("f:5: an item of \"" + key + "\" " + why);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://app.example/logged-out      | must use https: http is for this machine only
            com.example.app:/logged-out        | must use https, or http to this machine
            https://app.example/logged-out#now | must have no fragment
            https://me:pw@app.example/out      | must have no user info
            """)
    void aBackChannelLogoutUriIsAServersOwn(String uri, String why) {
        assertThat(problems(inDemo, client("secret: long-enough\nbackchannel-logout-uri: '" + uri + "'")))
                .containsExactly("f:4: \"backchannel-logout-uri\" " + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example/callback",
                "https://app.example/callback?tenant=1",
                "http://localhost:8081/login/oauth2/code/gatehouse",
                "http://127.0.0.1:8765/callback",
                "http://[::1]:8765/callback",
                "com.example.app:/callback",
                "com.example.app://callback"
            })
    void aRedirectUriThatIsSafeIsTaken(String uri) {
        assertThat(RedirectUris.wrongWith(uri)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            secret: short                                | f:3: "secret" must have 8 to 255 printable ASCII characters and no space
            secret: with a space                         | f:3: "secret" must have 8 to 255 printable ASCII characters and no space
            secret: [a-list-of-one]                      | f:3: "secret" must be a text
            secret-digest: abc                           | f:3: "secret-digest" must be a SHA-256 digest: 64 hexadecimal or 43 base64url characters
            jwks-uri: https://app.example/keys           | f:3: "jwks-uri" is not supported yet: give "secret-digest"
            authentication: private_key_jwt              | f:3: the authentication private_key_jwt is not supported yet: allowed are client_secret_basic, client_secret_post, none
            authentication: tls_client_auth              | f:3: the authentication tls_client_auth is not supported yet: allowed are client_secret_basic, client_secret_post, none
            colour: blue                                 | f:3: unknown key "colour" in a client: allowed are KEYS
            <<: {consent: false}                         | f:3: a key must be a text: put it in quotes
            """)
    void aClientThatCannotAuthenticateSafelyIsRefused(String line, String problem) {
        assertThat(problems(inDemo, client(line))).contains(problem.replace("KEYS", CLIENT_KEYS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            authentication: magic                              | unknown authentication "magic": allowed are client_secret_basic, client_secret_post, none
            secret-digest: DIGEST                              | give "secret" or "secret-digest", not both
            grants: [password]                                 | unknown grant "password": allowed are authorization_code, refresh_token, client_credentials, token_exchange
            grants: [implicit]                                 | unknown grant "implicit": allowed are authorization_code, refresh_token, client_credentials, token_exchange
            grants: [authorization_code]                       | the grant authorization_code needs "redirect-uris"
            grants: [refresh_token]                            | the grant refresh_token needs the grant authorization_code
            grants: client_credentials                         | "grants" must be a list
            grants: [[client_credentials]]                     | an item of "grants" must be a text
            scopes: [nowhere.read]                             | unknown scope "nowhere.read": allowed are the scopes of the declared APIs and openid profile email address phone offline_access
            audience: https://nowhere.example                  | unknown audience "https://nowhere.example": allowed are the declared APIs and ${issuer}
            serves: [https://nowhere.example]                  | unknown audience "https://nowhere.example": allowed are the declared APIs and ${issuer}
            exchange: {openid: [email]}                        | "exchange" needs the grant token_exchange
            exchange: [openid]                                 | "exchange" must be a mapping of keys to values
            require-pkce: false                                | "require-pkce: false" is only for a client with the scope openid
            consent: maybe                                     | "consent" must be true or false
            consent: no                                        | "consent" must be true or false
            consent: "false"                                   | "consent" must be true or false
            name: yes                                          | "name" must be a text: put it in quotes
            name:                                              | "name" must be a text: put it in quotes
            id: d                                              | key "id" is given twice, first on line 2
            secret: another-secret                             | key "secret" is given twice, first on line 3
            """)
    void aClientThatContradictsItselfOrTheRestIsRefused(String line, String problem) {
        assertThat(problems(inDemo, client("secret: long-enough\n" + line.replace("DIGEST", GOOD_DIGEST))))
                .containsExactly("f:4: " + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            grants: [client_credentials] | a public client cannot have the grant client_credentials
            grants: [token_exchange]     | a public client cannot have the grant token_exchange
            require-pkce: false          | a public client cannot have "require-pkce: false"
            secret: long-enough          | a client with "authentication: none" is public and cannot have "secret"
            serves: ['${issuer}']        | a public client cannot be a resource server
            """)
    void aPublicClientIsKeptSmall(String line, String problem) {
        assertThat(problems(inDemo, client("authentication: none\n" + line))).containsExactly("f:4: " + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7d444840-9dc0-11d1-b245-5ffdce74fad2 | "id" must not have the form of a UUID, which is the form of a person's
            7D444840-9DC0-11D1-B245-5FFDCE74FAD2 | "id" must not have the form of a UUID, which is the form of a person's
            two words                            | "id" must have 1 to 255 printable ASCII characters and no space
            größe                                | "id" must have 1 to 255 printable ASCII characters and no space
            """)
    void aClientIdThatCouldBeTakenForAPersonIsRefused(String id, String problem) {
        assertThat(problems(inDemo, "clients:\n  - id: " + id + "\n    secret: long-enough\n"))
                .containsExactly("f:2: " + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            password: short                             | "password" must have 8 to 256 characters
            password-hash: '{noop}wonderland-9Lives'    | "password-hash" must be a hash of Argon2, bcrypt, scrypt or PBKDF2 as Spring Security, Django, Werkzeug, passlib or PHP write it
            password-hash: 'pbkdf2_sha256$10$saltsalt$c29tZWhhc2hvZmZpdmVieXRlcw==' | "password-hash" of PBKDF2 must have between 1000 and 3000000 iterations
            email: nobody                               | "email" must be an address such as carol@example.com
            email: "a@b\\r\\nBcc: c@d"                    | "email" must have 1 to 2000 characters, none of them a control
            email-verified: true                        | "email-verified: true" needs "email"
            roles: [two words]                          | a role must have 1 to 64 letters, digits or . _ : -
            claims: {roles: [admin]}                    | the claim "roles" is the protocol's and cannot be declared
            claims: {iss: https://evil.example}         | the claim "iss" is the protocol's and cannot be declared
            claims: {aud: https://evil.example}         | the claim "aud" is the protocol's and cannot be declared
            claims: {exp: 99999999999}                  | the claim "exp" is the protocol's and cannot be declared
            claims: {email: eve@example.com}            | the claim "email" is declared as "email" of the person
            claims: {birthdate: 1.1.1990}               | "birthdate" must be YYYY-MM-DD, 0000-MM-DD or YYYY
            claims: {picture: 'javascript:alert(1)'}    | "picture" must be an http or https URL
            claims: {phone_number_verified: perhaps}    | "phone_number_verified" must be true or false
            claims: {updated_at: yesterday}             | "updated_at" must be a number of seconds since 1970
            claims: {address: 1 Main Street}            | "address" must be a mapping of keys to values
            claims: {address: {town: Springfield}}      | unknown key "town" in "address": allowed are formatted, street_address, locality, region, postal_code, country
            claims: {name: {first: Carol}}              | "name" must be a text
            username: carol                             | key "username" is given twice, first on line 2
            """)
    void aPersonWhoCannotBeIsRefused(String line, String problem) {
        assertThat(problems(inDemo, person(line))).containsExactly("f:3: " + problem);
    }

    @Test
    void aUsernameIsNotDeclaredTwiceInAnySpelling() {
        assertThat(problems(inDemo, "people:\n  - username: carol\n  - username: ＣＡＲＯＬ\n"))
                .containsExactly("f:3: the person \"ＣＡＲＯＬ\" is declared twice");
    }

    @Test
    void whatIsDeclaredTwiceIsRefused() {
        String yaml = """
                apis:
                  - {audience: https://a.example, scopes: [a]}
                  - {audience: https://a.example, scopes: [b]}
                  - {audience: https://id.example, scopes: [c]}
                  - {audience: https://d.example, scopes: [openid, "b\\"d"]}
                clients:
                  - {id: c, secret: long-enough}
                  - {id: c, secret: long-enough}
                """;
        assertThat(problems(inDemo, yaml))
                .containsExactly(
                        "f:3: the API \"https://a.example\" is declared twice",
                        "f:4: the issuer is an API of its own and cannot be declared",
                        "f:5: the scope \"openid\" belongs to the issuer and cannot be an API's",
                        "f:5: a scope must have 1 to 255 printable ASCII characters, none of them a space, quote or"
                                + " backslash",
                        "f:8: the client \"c\" is declared twice");
    }

    @Test
    void outsideTheDemoSecretsAndPasswordsAreNotWrittenOut() {
        assertThat(problems(elsewhere, client("secret: long-enough") + person("password: long-enough")))
                .containsExactly(
                        "f:3: \"secret\" is allowed only in the demo: give \"secret-digest\", the secret's SHA-256",
                        "f:6: \"password\" is allowed only in the demo: give \"password-hash\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clients:\n  - id: c\n    secret: hunter2 hunter2\n    redirect-uris: ['https://u:hunter2@a.example/#']",
                "people:\n  - username: c\n    password: hunter2\n    password-hash: hunter2",
                "clients:\n  - id: c\n    secret: 'hunter2\n    grants: [",
                "clients:\n  - id: c\n    secret: \"hunter2\\q\"\n",
                "clients:\n  - id: c\n    secret: hunter2: hunter2\n",
                "clients:\n  - id: c\n    secret-digest: hunter2\n"
            })
    void noProblemShowsASecret(String yaml) {
        assertThat(problems(inDemo, yaml))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).doesNotContain("hunter2").doesNotContain("\n"));
    }

    @Test
    void whatIsNotYamlHasItsLineToo() {
        assertThat(problems(inDemo, "apis: []\nclients: [\n"))
                .singleElement()
                .asString()
                .matches("f:\\d: this is not YAML as it is read here: .*");
        assertThat(problems(inDemo, "clients: []\n---\nclients: []\n"))
                .containsExactly("f:2: this is not YAML as it is read here: but found another document");
        assertThat(problems(inDemo, "clients:\n  - !!java.net.URL [https://evil.example]\n"))
                .singleElement()
                .asString()
                .startsWith("f:2: this is not YAML as it is read here: Global tag is not allowed");
        assertThat(problems(inDemo, "- apis\n")).containsExactly("f:1: the file must be a mapping of keys to values");
    }

    @Test
    void aFileThatWouldGrowWithoutEndIsRefused() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [ha, ha]\n");
        for (int i = 1; i < 30; i++) {
            laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        String tooMuch = "f:1: this is too large, too deep, has too many aliases or characters that cannot be printed:"
                + " allowed are 1048576 characters, 20 levels, 20 aliases";
        assertThat(problems(inDemo, laughs.toString())).containsExactly(tooMuch);
        assertThat(problems(inDemo, "people: " + "[".repeat(1000))).containsExactly(tooMuch);
        assertThat(problems(inDemo, "#" + "x".repeat(1 << 20) + "\npeople: []\n"))
                .containsExactly(tooMuch);
        assertThat(problems(inDemo, "people: &all\n  - *all\n"))
                .containsExactly("f:1: a person must be a mapping of keys to values");
    }

    @Test
    void aBadApiDoesNotMakeItsClientsLookBadToo() {
        assertThat(problems(inDemo, """
                        apis:
                          - {audience: https://a.example#part, scopes: [a]}
                        clients:
                          - {id: c, secret: long-enough, scopes: [a], audience: 'https://a.example#part'}
                        """))
                .containsExactly("f:2: an audience must be an absolute URI without fragment and wildcard");
    }

    @Test
    void theExceptionSaysItAllForWhoeverOnlySeesTheException() {
        assertThatThrownBy(() -> inDemo.read("f", "a: 1\nb: 2\n", NO_OTHER_APIS))
                .hasMessageContaining("f:1: ")
                .hasMessageContaining("f:2: ");
    }

    private static List<String> problems(DeclaredConfigurationReader reader, String yaml) {
        BadDeclaration refused =
                catchThrowableOfType(BadDeclaration.class, () -> reader.read("f", yaml, NO_OTHER_APIS));
        assertThat(refused).as("refusal of %s", yaml).isNotNull();
        return refused.problems();
    }

    /** A client on line 2; what is added begins on line 3. */
    private static String client(String more) {
        return "clients:\n  - id: c\n" + more.indent(4);
    }

    /** A person who is on line 2 of a file of their own; what is added begins on line 3. */
    private static String person(String more) {
        return "people:\n  - username: carol\n" + more.indent(4);
    }
}

package dev.gatehouse.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.server.web.WebProperties.ForwardedHeader;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ForwardedFilterTest {
    private static final List<String> PROXIES = List.of("10.0.0.0/8", "fd00::/8", "192.0.2.7");

    private final RequestClientAddress clientAddress = new RequestClientAddress();

    @ParameterizedTest(name = "peer {0}, X-Forwarded-For {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 |                                        | 203.0.113.9",
                "203.0.113.9 | 198.51.100.1                           | 203.0.113.9",
                "10.1.2.3    |                                        | 10.1.2.3",
                "10.1.2.3    | 198.51.100.1                           | 198.51.100.1",
                "10.1.2.3    | 1.1.1.1, 198.51.100.1                  | 198.51.100.1",
                "10.1.2.3    | 1.1.1.1, 198.51.100.1, 10.9.9.9        | 198.51.100.1",
                "10.1.2.3    | 10.4.4.4, 10.9.9.9                     | 10.4.4.4",
                "10.1.2.3    | 198.51.100.1, nonsense                 | 10.1.2.3",
                "10.1.2.3    | 198.51.100.1, unknown, 10.9.9.9        | 10.9.9.9",
                "10.1.2.3    | 198.51.100.1,                          | 10.1.2.3",
                "10.1.2.3    | 198.51.100.1:4711                      | 198.51.100.1",
                "10.1.2.3    | [2001:db8::5]:4711                     | 2001:db8:0:0:0:0:0:5",
                "10.1.2.3    | 2001:DB8::5                            | 2001:db8:0:0:0:0:0:5",
                "10.1.2.3    | ::ffff:198.51.100.1                    | 198.51.100.1",
                "fd00::1     | 2001:db8::5, fd12::9                   | 2001:db8:0:0:0:0:0:5",
                "192.0.2.7   | 198.51.100.1                           | 198.51.100.1",
                "192.0.2.8   | 198.51.100.1                           | 192.0.2.8",
                "10.1.2.3    | localhost                              | 10.1.2.3",
                "10.1.2.3    | 999.1.1.1                              | 10.1.2.3",
                "10.1.2.3    | 1.2                                    | 10.1.2.3",
                "10.1.2.3    | 198.51.100.1.2                         | 10.1.2.3",
                "10.1.2.3    | 198.51.100.                            | 10.1.2.3",
                "10.1.2.3    | 198..51.100.1                          | 10.1.2.3",
                "10.1.2.3    | 198.51.100.0001                        | 10.1.2.3",
                "10.1.2.3    | 198.51.100.-1                          | 10.1.2.3"
            })
    void theClientIsTheLastAddressThatIsNotOurs(String peer, String forwardedFor, String expected) throws Exception {
        MockHttpServletRequest request = request(peer);
        if (forwardedFor != null) {
            request.addHeader("X-Forwarded-For", forwardedFor);
        }

        HttpServletRequest seen = pass(request, ForwardedHeader.X_FORWARDED);

        assertThat(clientAddress.of(seen)).isEqualTo(expected);
        assertThat(seen.getRemoteAddr()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "Forwarded {0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "for=198.51.100.1                                     | 198.51.100.1 | http://inner:9000/login",
                "For=\"[2001:db8::5]:4711\";proto=https;host=id.example | 2001:db8:0:0:0:0:0:5 | https://id.example/login",
                "for=1.1.1.1, for=198.51.100.1;proto=https            | 198.51.100.1 | https://inner:9000/login",
                "for=198.51.100.1;host=id.example:8443;proto=https, for=10.2.2.2;proto=http | 198.51.100.1 | https://id.example:8443/login",
                "for=\"1.1.1.1, for=2.2.2.2\"                         | 10.1.2.3     | http://inner:9000/login",
                "for=_hidden                                          | 10.1.2.3     | http://inner:9000/login",
                "for=198.51.100.1;host=\"evil.example/path\"          | 198.51.100.1 | http://inner:9000/login",
                "\"\"\"\",;;==                                        | 10.1.2.3     | http://inner:9000/login"
            })
    void theStandardHeaderIsReadWhenItIsTheOneThatTheProxiesSet(String header, String address, String url)
            throws Exception {
        MockHttpServletRequest request = request("10.1.2.3");
        request.addHeader("Forwarded", header);
        request.addHeader("X-Forwarded-For", "9.9.9.9");

        HttpServletRequest seen = pass(request, ForwardedHeader.FORWARDED);

        assertThat(seen.getRemoteAddr()).isEqualTo(address);
        assertThat(seen.getRequestURL().toString()).isEqualTo(url);
    }

    @Test
    void aStrangerCannotChangeSchemeOrHost() throws Exception {
        MockHttpServletRequest request = request("203.0.113.9");
        request.addHeader("X-Forwarded-Proto", "https");
        request.addHeader("X-Forwarded-Host", "evil.example");
        request.addHeader("Forwarded", "for=1.1.1.1;proto=https;host=evil.example");
        request.addHeader("X-Forwarded-Prefix", "/evil");

        HttpServletRequest seen = pass(request, ForwardedHeader.X_FORWARDED);

        assertThat(seen.isSecure()).isFalse();
        assertThat(seen.getRequestURL().toString()).isEqualTo("http://inner:9000/login");
        assertThat(java.util.Collections.list(seen.getHeaderNames())).containsExactly("Host");
        assertThat(seen.getHeader("X-Forwarded-Host")).isNull();
        assertThat(seen.getHeaders("forwarded").hasMoreElements()).isFalse();
    }

    @Test
    void ourProxySaysSchemeAndHost() throws Exception {
        MockHttpServletRequest request = request("10.1.2.3");
        request.addHeader("X-Forwarded-For", "198.51.100.1");
        request.addHeader("X-Forwarded-Proto", "https");
        request.addHeader("X-Forwarded-Host", "id.example");

        HttpServletRequest seen = pass(request, ForwardedHeader.X_FORWARDED);

        assertThat(seen.isSecure()).isTrue();
        assertThat(seen.getScheme()).isEqualTo("https");
        assertThat(seen.getServerPort()).isEqualTo(443);
        assertThat(seen.getRequestURL().toString()).isEqualTo("https://id.example/login");
    }

    @Test
    void whatAClientPutInFrontOfOurProxysHostIsNotBelieved() throws Exception {
        MockHttpServletRequest request = request("10.1.2.3");
        request.addHeader("X-Forwarded-For", "1.1.1.1, 198.51.100.1");
        request.addHeader("X-Forwarded-Proto", "https");
        request.addHeader("X-Forwarded-Host", "evil.example, id.example");

        assertThat(pass(request, ForwardedHeader.X_FORWARDED).getServerName()).isEqualTo("id.example");
    }

    @Test
    void theHeaderThatOurProxiesDoNotSetIsNotBelieved() throws Exception {
        MockHttpServletRequest request = request("10.1.2.3");
        request.addHeader("X-Forwarded-For", "198.51.100.1");
        request.addHeader("Forwarded", "for=1.1.1.1;host=evil.example;proto=https");

        HttpServletRequest seen = pass(request, ForwardedHeader.X_FORWARDED);

        assertThat(seen.getRemoteAddr()).isEqualTo("198.51.100.1");
        assertThat(seen.getServerName()).isEqualTo("inner");
        assertThat(seen.isSecure()).isFalse();
    }

    @Test
    void aHugeHeaderOfAnyShapeIsReadWithoutHarm() throws Exception {
        MockHttpServletRequest request = request("10.1.2.3");
        request.addHeader("Forwarded", "a\"".repeat(100_000));

        assertThat(pass(request, ForwardedHeader.FORWARDED).getRemoteAddr()).isEqualTo("10.1.2.3");
    }

    private static MockHttpServletRequest request(String peer) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/login");
        request.setRemoteAddr(peer);
        request.setServerName("inner");
        request.setServerPort(9000);
        request.addHeader("Host", "inner:9000");
        return request;
    }

    private static HttpServletRequest pass(MockHttpServletRequest request, ForwardedHeader header) throws Exception {
        MockFilterChain chain = new MockFilterChain();
        new ForwardedFilter(new WebProperties(PROXIES, header, 64, 16384))
                .doFilter(request, new MockHttpServletResponse(), chain);
        return (HttpServletRequest) java.util.Objects.requireNonNull(chain.getRequest());
    }
}

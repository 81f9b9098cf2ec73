package dev.gatehouse.server.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectUrisTest {
    @ParameterizedTest
    @CsvSource({
        "https://app.example/cb, https://app.example/cb",
        "http://127.0.0.1/cb, http://127.0.0.1:49152/cb",
        "http://127.0.0.1:8000/cb, http://127.0.0.1/cb",
        "http://[::1]:8000/cb?a=b, http://[::1]:9/cb?a=b",
        "http://localhost:8000/cb, http://localhost:8000/cb",
    })
    void theSameUriMatchesAndOnLoopbackWithAnyPort(String registered, String requested) {
        assertThat(RedirectUris.matches(registered, requested)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example/cb, https://app.example:443/cb",
        "https://app.example/cb, https://app.example/cb/",
        "https://127.0.0.1/cb, https://127.0.0.1:8443/cb",
        "http://localhost:8000/cb, http://localhost:8001/cb",
        "http://127.0.0.1/cb, http://[::1]/cb",
        "http://127.0.0.1/cb, http://127.0.0.1:80@evil.example/cb",
        "http://127.0.0.1/cb, http://127.0.0.1:80.evil.example/cb",
        "http://127.0.0.1/cb, http://127.0.0.1:800000/cb",
        "http://127.0.0.1/cb, http://127.0.0.1:/cb",
        "http://127.0.0.1/cb, http://127.0.0.1:80/cb#x",
        "http://127.0.0.1/cb, http://127.0.0.1:80\\@evil.example/cb",
    })
    void anythingElseDoesNot(String registered, String requested) {
        assertThat(RedirectUris.matches(registered, requested)).isFalse();
    }
}

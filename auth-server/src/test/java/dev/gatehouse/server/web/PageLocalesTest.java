package dev.gatehouse.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class PageLocalesTest {
    @ParameterizedTest(name = "ui_locales {0}, Accept-Language {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "            |        | en",
                "            | de     | de",
                "            | de-AT  | de",
                "            | fr     | en",
                "de          | en     | de",
                "fr de-CH en | en     | de",
                "fr          | de     | de",
                "x!! ..      | de     | de",
                "en          | de     | en"
            })
    void theClientsWishComesBeforeTheBrowsers(String uiLocales, String browser, String expected) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        if (browser != null) {
            request.addHeader("Accept-Language", browser);
            request.addPreferredLocale(Locale.forLanguageTag(browser));
        }

        PageLocales.prefer(request, uiLocales);

        assertThat(new PageLocales(List.of(Locale.ENGLISH, Locale.GERMAN))
                        .resolveLocale(request)
                        .toLanguageTag())
                .isEqualTo(expected);
    }
}

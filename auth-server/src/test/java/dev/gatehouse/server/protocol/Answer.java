package dev.gatehouse.server.protocol;

import java.net.http.HttpResponse;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What an endpoint answered: status, headers, and the JSON of the body. */
record Answer(HttpResponse<String> response) {
    private static final JsonMapper JSON = JsonMapper.shared();

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    Map<String, Object> json() {
        return response.body().isEmpty() ? Map.of() : JSON.readValue(response.body(), new TypeReference<>() {});
    }

    String text(String member) {
        return String.valueOf(json().get(member));
    }

    String error() {
        return text("error");
    }
}

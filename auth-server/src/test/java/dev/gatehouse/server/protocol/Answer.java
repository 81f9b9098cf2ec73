package dev.gatehouse.server.protocol;

import dev.gatehouse.server.Invariants;
import java.net.http.HttpResponse;
import java.util.List;
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
        Map<String, Object> members =
                response.body().isEmpty() ? Map.of() : JSON.readValue(response.body(), new TypeReference<>() {});
        for (String token : List.of("access_token", "refresh_token", "id_token")) {
            if (members.get(token) instanceof String value) {
                Invariants.keepSecret(value);
            }
        }
        return members;
    }

    String text(String member) {
        return String.valueOf(json().get(member));
    }

    String error() {
        return text("error");
    }
}

package dev.gatehouse.server.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;

/** What {@link ForwardedFilter} found. */
@Component
final class RequestClientAddress implements ClientAddress {
    @Override
    public String of(HttpServletRequest request) {
        return request.getAttribute(ForwardedFilter.CLIENT_ADDRESS) instanceof String found
                ? found
                : request.getRemoteAddr();
    }
}

package dev.gatehouse.server.web;

import jakarta.servlet.http.HttpServletRequest;

/** The address that a request comes from; behind a configured proxy, the one that the proxy saw. */
public interface ClientAddress {
    String of(HttpServletRequest request);
}

package dev.gatehouse.server.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds out where a request comes from.
 *
 * <p>Every proxy appends the address that it saw, so the list is walked from its end: our own proxies are passed over, and
 * the first address that is not ours is the client's. What stands further left may be anybody's invention. Scheme and
 * host are what the proxy that named the client said. A request that does not come from one of our proxies is taken as it
 * is, and its forwarded headers are dropped, so that nothing further in can believe them.
 */
final class ForwardedFilter extends OncePerRequestFilter {
    static final String CLIENT_ADDRESS = ForwardedFilter.class.getName() + ".clientAddress";

    private final List<Network> proxies;

    private final WebProperties properties;

    ForwardedFilter(WebProperties properties) {
        this.properties = properties;
        this.proxies = properties.trustedProxies().stream().map(Network::parse).toList();
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        HttpServletRequest seen = withoutProxies(request);
        if (request.getAttribute(CLIENT_ADDRESS) == null) {
            request.setAttribute(CLIENT_ADDRESS, seen.getRemoteAddr());
        }
        chain.doFilter(seen, response);
    }

    @Override
    protected void doFilterNestedErrorDispatch(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        doFilterInternal(request, response, chain);
    }

    private HttpServletRequest withoutProxies(HttpServletRequest request) {
        Optional<InetAddress> peer = IpAddresses.parse(request.getRemoteAddr());
        String address = peer.map(InetAddress::getHostAddress).orElse(request.getRemoteAddr());
        @Nullable String scheme = null;
        @Nullable String host = null;
        boolean ours = peer.isPresent() && isProxy(peer.get());
        if (ours) {
            for (Hop hop : Hop.nearestFirst(request, properties.forwardedHeader())) {
                scheme = hop.scheme() == null ? scheme : hop.scheme();
                host = hop.host() == null ? host : hop.host();
                Optional<InetAddress> from = hop.address();
                if (from.isEmpty()) {
                    break;
                }
                address = from.get().getHostAddress();
                if (!isProxy(from.get())) {
                    break;
                }
            }
        }
        return new ForwardedRequest(request, address, scheme, host);
    }

    private boolean isProxy(InetAddress address) {
        for (Network block : proxies) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}

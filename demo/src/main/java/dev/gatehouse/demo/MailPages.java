package dev.gatehouse.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.demo.LocalMail.Mail;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Shows the demo's mails to a browser, and as JSON at {@code /messages}. */
final class MailPages implements AutoCloseable {
    private static final int USUAL_PORT = 8025;

    private static final String STYLE =
            "body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 system-ui,sans-serif}"
                    + "details{margin:.75rem 0;padding:.75rem 1rem;border:1px solid #ddd;border-radius:10px}"
                    + "summary{cursor:pointer}summary small{color:#555}iframe{width:100%;height:26rem;border:0;margin-top:.75rem}";

    private final HttpServer server;

    private final LocalMail mails;

    private MailPages(HttpServer server, LocalMail mails) {
        this.server = server;
        this.mails = mails;
    }

    /** On the usual port, or on a free one when that is taken. */
    static MailPages start(LocalMail mails) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), USUAL_PORT), 0);
        } catch (BindException e) {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        }
        MailPages pages = new MailPages(server, mails);
        server.createContext("/", pages::list);
        server.createContext("/messages", pages::messages);
        server.start();
        return pages;
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    private void list(HttpExchange exchange) throws IOException {
        StringBuilder page = new StringBuilder("<!doctype html><html lang=en><meta charset=utf-8>"
                        + "<meta name=viewport content='width=device-width'><title>The demo's mails</title><style>")
                .append(STYLE)
                .append("</style><h1>The demo’s mails</h1>");
        List<Mail> received = mails.received().reversed();
        if (received.isEmpty()) {
            page.append("<p>None yet. Whatever the auth server sends appears here; reload the page.</p>");
        }
        for (Mail mail : received) {
            page.append("<details><summary><strong>")
                    .append(html(mail.subject()))
                    .append("</strong><br><small>to ")
                    .append(html(mail.to()))
                    .append(", ")
                    .append(mail.at())
                    .append(
                            "</small></summary><iframe sandbox='allow-popups allow-popups-to-escape-sandbox' title=mail srcdoc=\"")
                    .append(html(mail.html().replace("<head>", "<head><base target=_blank>")))
                    .append("\"></iframe></details>");
        }
        answer(exchange, "text/html;charset=utf-8", page.toString());
    }

    private void messages(HttpExchange exchange) throws IOException {
        StringBuilder json = new StringBuilder("[");
        for (Mail mail : mails.received()) {
            json.append(json.length() == 1 ? "" : ",")
                    .append("{\"to\":")
                    .append(json(mail.to()))
                    .append(",\"subject\":")
                    .append(json(mail.subject()))
                    .append(",\"at\":")
                    .append(json(mail.at().toString()))
                    .append(",\"text\":")
                    .append(json(mail.text()))
                    .append('}');
        }
        answer(exchange, "application/json", json.append(']').toString());
    }

    private static void answer(HttpExchange exchange, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String json(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

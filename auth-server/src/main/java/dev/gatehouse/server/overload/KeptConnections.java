package dev.gatehouse.server.overload;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.FastHttpDateFormat;
import org.apache.tomcat.util.http.MimeHeaders;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;

/**
 * Leaves an HTTP/1.1 connection open after a whole answer of 503. Tomcat closes it after each, which is not asked for by RFC 9110 section 15.6.4 and
 * makes every refusal cost a new connection too, just when there is no processor time to spare. Its processor looks at nothing but the
 * status, so the head of such an answer is written here and the status taken back before the processor sees it. Where anything else would end
 * the connection, or the answer is not whole, all is left to Tomcat.
 */
final class KeptConnections extends ValveBase {
    /** What Tomcat's access log gets to see: no status of an RFC's, but one that proxies use for a server that is overloaded. */
    private static final int ANSWERED = 529;

    private static final long LONGEST_LEFT = 64 * 1024;

    KeptConnections() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (response.getStatus() == HttpStatus.SERVICE_UNAVAILABLE.value()
                && isWhole(response)
                && mayGoOn(request)
                && !request.isAsync()) {
            org.apache.coyote.Response answer = response.getCoyoteResponse();
            byte[] head = head(answer, response.getContentWritten());
            answer.setStatus(ANSWERED);
            answer.setCommitted(true);
            answer.doWrite(ByteBuffer.wrap(head));
        }
    }

    /** Whether all of the answer is still in the buffer, as bytes, so that it can be sent as it is; an answer that states its length is sent when it is reached. */
    private static boolean isWhole(Response response) throws IOException {
        if (response.isCommitted() || response.getCoyoteResponse().getContentLengthLong() >= 0) {
            return false;
        }
        try {
            response.getOutputStream();
            return true;
        } catch (IllegalStateException e) {
            // Characters were written, of which we do not know how many bytes they are.
            return false;
        }
    }

    private static boolean mayGoOn(Request request) {
        org.apache.coyote.Request received = request.getCoyoteRequest();
        return "HTTP/1.1".equals(request.getProtocol())
                && !HttpMethod.HEAD.name().equals(request.getMethod())
                && Collections.list(received.getMimeHeaders().values(HttpHeaders.CONNECTION)).stream()
                        .allMatch("keep-alive"::equalsIgnoreCase)
                && received.getHeader(HttpHeaders.TRANSFER_ENCODING) == null
                && received.getMimeHeaders().getValue(HttpHeaders.EXPECT) == null
                && (received.isFinished() || isShort(received.getContentLengthLong()));
    }

    /** Tomcat reads what is left of such a body before it goes on with the next request. */
    private static boolean isShort(long contentLength) {
        return contentLength >= 0 && contentLength <= LONGEST_LEFT;
    }

    private static byte[] head(org.apache.coyote.Response answer, long length) {
        StringBuilder head = new StringBuilder("HTTP/1.1 503 \r\n");
        MimeHeaders headers = answer.getMimeHeaders();
        for (int i = 0; i < headers.size(); i++) {
            append(head, headers.getName(i).toString(), headers.getValue(i));
        }
        if (answer.getContentType() != null) {
            append(head, HttpHeaders.CONTENT_TYPE, answer.getContentType());
        }
        append(head, HttpHeaders.CONTENT_LENGTH, Long.toString(length));
        append(head, HttpHeaders.DATE, FastHttpDateFormat.getCurrentDate());
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void append(StringBuilder head, String name, MessageBytes value) {
        append(head, name, String.valueOf(value));
    }

    /** As Tomcat does, with a space for what would end a line. */
    private static void append(StringBuilder head, String name, String value) {
        head.append(name).append(": ");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            head.append((c < ' ' && c != '\t') || c == 0x7f ? ' ' : c);
        }
        head.append("\r\n");
    }
}

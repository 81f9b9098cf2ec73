package dev.gatehouse.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The mails of the running demo, as its page of mails shows them. */
record Mailbox(String address) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final Pattern LINK = Pattern.compile("(http://localhost:9000/[^\\s\"\\\\]+token=[A-Za-z0-9_-]+)");

    private static final Pattern CODE = Pattern.compile("\\b([0-9]{6})\\b");

    /** The link in the newest of so many mails. */
    String link(int count) throws IOException, InterruptedException {
        return find(LINK, count);
    }

    /** The code in the newest of so many mails. */
    String code(int count) throws IOException, InterruptedException {
        return find(CODE, count);
    }

    /** The subjects of all mails that came so far. */
    List<String> subjects() throws IOException, InterruptedException {
        return theirs().stream()
                .map(mail -> mail.replaceAll("(?s).*\"subject\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    private String find(Pattern wanted, int count) throws IOException, InterruptedException {
        String mail = newest(count).replaceAll("\\\\u000[ad]", "\n");
        Matcher matcher = wanted.matcher(mail);
        assertThat(matcher.find()).as(mail).isTrue();
        return matcher.group(1);
    }

    private String newest(int count) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < 500; attempt++) {
            List<String> theirs = theirs();
            if (theirs.size() >= count) {
                return theirs.getLast();
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new AssertionError("no mail came to " + address);
    }

    /** Where the demo shows its mails. */
    String page() {
        Matcher url = Pattern.compile("mails +(http\\S+)")
                .matcher(RunningDemo.shared().output());
        assertThat(url.find()).isTrue();
        return url.group(1);
    }

    private List<String> theirs() throws IOException, InterruptedException {
        HttpRequest all =
                HttpRequest.newBuilder(URI.create(page() + "messages")).build();
        return Stream.of(HTTP.send(all, BodyHandlers.ofString()).body().split("\\{\"to\":", -1))
                .filter(mail -> mail.contains(address))
                .toList();
    }
}

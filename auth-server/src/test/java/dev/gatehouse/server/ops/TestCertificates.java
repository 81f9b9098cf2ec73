package dev.gatehouse.server.ops;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** An authority of this test's own that puts certificates for localhost, as {@code tls.crt} and {@code tls.key}, into a directory. */
final class TestCertificates {
    private final Path directory;

    private final X509Bundle authority;

    private TestCertificates(Path directory, X509Bundle authority) {
        this.directory = directory;
        this.authority = authority;
    }

    static TestCertificates in(Path directory) throws Exception {
        return new TestCertificates(
                directory,
                new CertificateBuilder()
                        .subject("CN=Test authority")
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned());
    }

    /** Puts a certificate with this serial number, and its key, in the place of what was there. */
    void put(int serial) throws Exception {
        X509Bundle leaf = new CertificateBuilder()
                .subject("CN=localhost")
                .serial(BigInteger.valueOf(serial))
                .addSanDnsName("localhost")
                .addExtendedKeyUsageServerAuth()
                .buildIssuedBy(authority);
        replace("tls.key", leaf.getPrivateKeyPEM());
        replace("tls.crt", leaf.getCertificatePathPEM());
    }

    private void replace(String file, String content) throws IOException {
        Path fresh = Files.writeString(directory.resolve(file + ".new"), content);
        Files.move(fresh, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    Path certificate() {
        return directory.resolve("tls.crt");
    }

    Path key() {
        return directory.resolve("tls.key");
    }

    /** Trusts the authority and nobody else. */
    SSLContext trust() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {authority.toTrustManager()}, null);
        return context;
    }
}

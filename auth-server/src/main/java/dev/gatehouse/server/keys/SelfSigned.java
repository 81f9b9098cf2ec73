package dev.gatehouse.server.keys;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** A certificate that says no more than which key it is of, RFC 5280 section 4.1; without an end, as section 4.1.2.5 has it. */
final class SelfSigned {
    private static final Time BEGIN = new Time(new ASN1GeneralizedTime("20000101000000Z"));

    private static final Time NO_END = new Time(new ASN1GeneralizedTime("99991231235959Z"));

    private SelfSigned() {}

    /** @param provider what signs with the pair; its signature is checked */
    static Certificate certificate(String name, KeyPair pair, Provider provider)
            throws GeneralSecurityException, IOException {
        boolean rsa = pair.getPublic().getAlgorithm().equals("RSA");
        AlgorithmIdentifier algorithm = rsa
                ? new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE)
                : new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        TBSCertificate content = content(name, pair, algorithm);
        Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA", provider);
        signature.initSign(pair.getPrivate());
        signature.update(content.getEncoded(ASN1Encoding.DER));
        DERSequence whole =
                new DERSequence(new ASN1Encodable[] {content, algorithm, new DERBitString(signature.sign())});
        Certificate certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(whole.getEncoded(ASN1Encoding.DER)));
        certificate.verify(certificate.getPublicKey());
        return certificate;
    }

    private static TBSCertificate content(String name, KeyPair pair, AlgorithmIdentifier algorithm) {
        X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(BigInteger.ONE));
        generator.setIssuer(subject);
        generator.setSubject(subject);
        generator.setStartDate(BEGIN);
        generator.setEndDate(NO_END);
        generator.setSignature(algorithm);
        generator.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
        return generator.generateTBSCertificate();
    }
}

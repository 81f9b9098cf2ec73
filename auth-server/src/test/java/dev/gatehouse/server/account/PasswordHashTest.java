package dev.gatehouse.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatehouse.server.oauth.Secret;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.crypto.scrypt.SCryptPasswordEncoder;

/** The hashes without a maker named here were made by Django 5.2, Werkzeug 3.1, passlib 1.7 and Python's hashlib. */
class PasswordHashTest {
    private static final Secret PASSWORD = new Secret("correct horse battery staple");

    private static final Secret WRONG = new Secret("Correct horse battery staple");

    private final PasswordHashes hashes = new PasswordHashes(new PortableArgon2(), new SecureRandom());

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Django
                "pbkdf2_sha256$10000$h4dV8m2xKq0bZr6TnLw3Ya$fWelDh5Itx/OV+IGpFiqOO30w3oJjF4ZsfFKFP9S0DI=",
                "pbkdf2_sha1$10000$h4dV8m2xKq0bZr6TnLw3Ya$nDMOdfrCSmRPmTxi/9R8gVEGkt8=",
                "scrypt$16384$h4dV8m2xKq0bZr6TnLw3Ya$8$5$ZOhIqQeoTMqtC0blErvlUvyvn+OJ+bXUVVgtpQjCia4exzWvCM0fXqwgy6cbzceUMCnGSNE80SYu7hJfJ3sEbA==",
                "argon2$argon2id$v=19$m=102400,t=2,p=8$aDRkVjhtMnhLcTBiWnI2VG5MdzNZYQ$tIxDoo2os18PO6Q0Wa00YHIbnf99PX5wgjAmgd+Roa4",
                "bcrypt_sha256$$2b$06$U4idDafQWMePSY7Yl6MplOfiwFxdcc20PLzj8k0bj1qgo3x5mYeRO",
                "bcrypt$$2b$06$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi",
                // Werkzeug
                "scrypt:32768:8:1$OKR1W34fvsDSkKYJ$803712291534d8dcfb6f0748e61bea71107bb3ddbf57ea34bebe4089a070445b485649a01e501eb59b31a02b444bd5cf02bc7a371ec33093a9e01f55375fbb2a",
                "pbkdf2:sha256:10000$k4UqmV64oeCyM7tP$22ce678887f43d56aabfdbb95bd544a1190a31f94feb4ab4858d982c121a0bfa",
                "pbkdf2:sha1:10000$xrUA9XLhzNISy5M0$4ea454ba980505bef88e348689c6cf7110a80686",
                "pbkdf2:sha512:10000$1Vr8UlmJxcXonl8v$8c87478ebb3067a062588c07356fbd13dcddf3d9a8792ad82d84b52ef891dc64ffc3c4daf183ea64a23eedf336e7f7d024b9b434f79bd047891b6380d687afa9",
                // passlib
                "$pbkdf2-sha256$10000$H.Nc6z3nXOt9D4HwnvP.Hw$CFQm3DZAE1VOW7ZairBsPzugURobf74Eujk3U4BVMLE",
                "$pbkdf2-sha512$10000$U8q5916L8d5byzmHEAJgjA$AdoVvpJwysv3m7IyiX4zjkDDLFwqDs3ZPHQ/JATaPHPnlF9yQcuvBtlR/MEOqzQnp804cfM7Af9wWtdGBj8tCA",
                "$pbkdf2$10000$vfe.13pvbe2dc64VIiREKA$Ayi58i6mjzDltb07edo84ROdSVM",
                "$scrypt$ln=12,r=8,p=1$IcR4D8FY671XSsl5L6X0Hg$Oda9dwtF81kuZEtibDrlDXbAfTXtOGn6fLhu6KXaDiI",
                "$argon2id$v=19$m=4096,t=3,p=4$kzImhDCGEEKoNWbsndP6fw$Yutq9YIQCHHfER4Gv2djd2jgUFJg1fFdZCb3zXnAsUg",
                // bcrypt, whose three letters are one algorithm today
                "$2b$06$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi",
                "$2a$06$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi",
                "$2y$06$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi",
                "{bcrypt}$2y$06$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi",
                // Spring Security's PBKDF2
                "{pbkdf2}0f1e2d3c4b5a6978c73e8b0d9e5fd0fa2f0a950e83454d0d5ce4e22b3fa2d0e01688884ac1358700",
                "{pbkdf2@SpringSecurity_v5_8}0f1e2d3c4b5a69788796a5b4c3d2e1f0b9ace7d6838466060ddcf8e23c7d5fb4fd9244b96c715ac4fcebf8e0291dd7fe",
            })
    void aHashFromElsewhereIsMatchedByItsPasswordOnlyAndIsOutdated(String theirs) {
        assertOpens(theirs);
    }

    @Test
    @SuppressWarnings("deprecation") // what Spring Security made before is what people come with
    void aHashOfSpringSecuritysEncodersIsMatchedByItsPasswordOnly() {
        Map<String, PasswordEncoder> encoders = Map.of(
                "bcrypt", new BCryptPasswordEncoder(),
                "pbkdf2", Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_5(),
                "pbkdf2@SpringSecurity_v5_8", Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8(),
                "scrypt", SCryptPasswordEncoder.defaultsForSpringSecurity_v4_1(),
                "scrypt@SpringSecurity_v5_8", SCryptPasswordEncoder.defaultsForSpringSecurity_v5_8(),
                "argon2", Argon2PasswordEncoder.defaultsForSpringSecurity_v5_2(),
                "argon2@SpringSecurity_v5_8", Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8());

        encoders.forEach((id, encoder) -> assertOpens("{" + id + "}" + encoder.encode(PASSWORD.value())));
    }

    @Test
    void aHashOfSpringSecuritysEncodersWithOtherParametersIsToo() {
        assertOpens("{scrypt}" + new SCryptPasswordEncoder(1024, 4, 2, 64, 24).encode(PASSWORD.value()));
        assertOpens("{argon2}" + new Argon2PasswordEncoder(12, 16, 2, 1024, 3).encode(PASSWORD.value()));
    }

    private void assertOpens(String theirs) {
        String stored = new PasswordHash(theirs).stored();

        assertThat(hashes.matches(PASSWORD, stored)).isTrue();
        assertThat(hashes.matches(WRONG, stored)).isFalse();
        assertThat(hashes.matches(new Secret(""), stored)).isFalse();
        assertThat(hashes.isOutdated(stored)).isTrue();
        assertThat(new PasswordHash(stored).stored()).isEqualTo(stored);
    }

    @Test
    void theHousesOwnHashIsUpToDateAndTheSameBySpringSecuritysEncoder() {
        String own = hashes.hash(PASSWORD);

        assertThat(own).startsWith("{argon2}$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hashes.isOutdated(own)).isFalse();
        assertThat(new PasswordHash(own).stored()).isEqualTo(own);
        assertThat(new Argon2PasswordEncoder(16, 32, 1, 19_456, 2)
                        .matches(PASSWORD.value(), own.substring("{argon2}".length())))
                .isTrue();
    }

    @Test
    void ofALongPasswordDjangosBcryptTakesEveryCharacter() {
        String stored =
                new PasswordHash("bcrypt_sha256$$2b$06$0OVTf84dZ4cVXGcQsjzK3uM1ABVsQ0jor7M4Hy22lMRT8u1/7FCXW").stored();
        String lengthy = "gr\u00fc\u00dfe ".repeat(20);

        assertThat(hashes.matches(new Secret(lengthy), stored)).isTrue();
        assertThat(hashes.matches(new Secret(lengthy + "!"), stored)).isFalse();
        assertThat(hashes.matches(new Secret(lengthy.substring(0, 80)), stored)).isFalse();
    }

    @Test
    void aPasswordIsCheckedAsTypedAgainstAHashFromElsewhere() {
        String stored = new PasswordHash("pbkdf2:sha256:10000$jmjj2Ofm7gjh05pN$"
                        + "bdaa19ebfaf8dd3eeaa766d1018fdeadaec9c6c838a02e62aea029cca41cda37")
                .stored();

        assertThat(hashes.matches(new Secret("gr\u00fc\u00dfe-\u00e5ngstr\u00f6m"), stored))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $argon2id$v=19$m=1048576,t=1,p=1$c29tZXNhbHQ$bG9uZ2Vub3VnaGhhc2ghIQ     | of Argon2 must have m between 512 and 131072 (KiB) and p between 1 and 16
            $argon2id$v=19$m=256,t=1,p=1$c29tZXNhbHQ$bG9uZ2Vub3VnaGhhc2ghIQ         | of Argon2 must have m between 512 and 131072 (KiB) and p between 1 and 16
            $argon2id$v=19$m=4096,t=1,p=64$c29tZXNhbHQ$bG9uZ2Vub3VnaGhhc2ghIQ       | of Argon2 must have m between 512 and 131072 (KiB) and p between 1 and 16
            $argon2id$v=19$m=65536,t=9,p=1$c29tZXNhbHQ$bG9uZ2Vub3VnaGhhc2ghIQ       | of Argon2 must have t of at least 1, and m times t of at most 524288
            $argon2id$v=19$m=4096,t=0,p=1$c29tZXNhbHQ$bG9uZ2Vub3VnaGhhc2ghIQ        | of Argon2 must have t of at least 1, and m times t of at most 524288
            $argon2id$v=18$m=4096,t=1,p=1$c29tZXNhbHQ$bG9uZ2Vub3VnaGhhc2ghIQ        | of Argon2 must have version 16 or 19
            $argon2id$v=19$m=4096,t=1,p=1$c29tZXNhbHQ$c2hvcnQ                       | of Argon2 must have a salt of 8 to 64 bytes and a hash of 16 to 64 bytes
            $argon2id$v=19$m=4096,t=1,p=1$c2FsdA$bG9uZ2Vub3VnaGhhc2ghIQ             | of Argon2 must have a salt of 8 to 64 bytes and a hash of 16 to 64 bytes
            $argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$bG9uZ2Vub3VnaGhhc2ghIQ | is not a well-formed hash of Argon2
            argon2$argon2id                                                         | is not a well-formed hash of Argon2
            $2b$15$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi            | of bcrypt must have a cost between 4 and 14
            $2b$03$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi            | of bcrypt must have a cost between 4 and 14
            $2x$06$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi            | is not a well-formed hash of bcrypt ($2a$, $2b$, $2y$)
            {bcrypt}$2b$06$3tvvmsU3ePazSwhy36r4j                                    | is not a well-formed hash of bcrypt ($2a$, $2b$, $2y$)
            pbkdf2_sha256$3000001$saltsalt$fWelDh5Itx/OV+IGpFiqOO30w3oJjF4ZsfFKFP9S0DI= | of PBKDF2 must have between 1000 and 3000000 iterations
            pbkdf2_sha256$999$saltsalt$fWelDh5Itx/OV+IGpFiqOO30w3oJjF4ZsfFKFP9S0DI= | of PBKDF2 must have between 1000 and 3000000 iterations
            pbkdf2_sha256$10000$saltsalt$fWelDg==                                   | of PBKDF2 must have a salt of 8 to 64 bytes and a hash of 16 to 64 bytes
            pbkdf2_md5$10000$saltsalt$fWelDh5Itx/OV+IGpFiqOO30w3oJjF4ZsfFKFP9S0DI=  | is not a well-formed hash of PBKDF2
            pbkdf2:sha256$saltsalt$22ce678887f43d56aabfdbb95bd544a1190a31f94feb4ab4 | is not a well-formed hash of PBKDF2
            {pbkdf2}0f1e2d3c4b5a6978                                                | is not a well-formed hash of PBKDF2
            scrypt:1048576:8:1$saltsalt$83daa8e69e218aff00cadaa0d0b06000            | of scrypt must need at most 128 MiB (128 times N times r), and N times r times p be at most 2097152
            scrypt:16384:8:99$saltsalt$83daa8e69e218aff00cadaa0d0b06000             | of scrypt must need at most 128 MiB (128 times N times r), and N times r times p be at most 2097152
            scrypt:512:8:1$saltsalt$83daa8e69e218aff00cadaa0d0b06000                | of scrypt must have N between 1024 and 1048576, and r and p of at least 1
            scrypt:1024:0:1$saltsalt$83daa8e69e218aff00cadaa0d0b06000               | of scrypt must have N between 1024 and 1048576, and r and p of at least 1
            scrypt:32767:8:1$saltsalt$83daa8e69e218aff00cadaa0d0b06000              | of scrypt must have an N that is a power of two
            scrypt:0:8:1$saltsalt$83daa8e69e218aff00cadaa0d0b06000                  | of scrypt must have an N that is a power of two
            $scrypt$ln=99,r=8,p=1$IcR4D8FY671XSsl5L6X0Hg$Oda9dwtF81kuZEtibDrlDXbAfTXtOGn6fLhu6KXaDiI | of scrypt must have N between 1024 and 1048576, and r and p of at least 1
            $scrypt$ln=12,r=8,p=1$IcR4D8FY671XSsl5L6X0H$Oda9dwtF81kuZEtibDrlDXbAfTXtOGn6fLhu6KXaDiI= | is not a well-formed hash of scrypt
            $scrypt$ln=12,r=8,p=1$IcR4D8FY671XSsl5L6X0H$A                           | is not well-formed base64
            {scrypt}$ffffff$c2FsdHNhbHQ=$bG9uZ2Vub3VnaGhhc2ghIQ==                   | of scrypt must have N between 1024 and 1048576, and r and p of at least 1
            """)
    void workOrLengthsBeyondReasonAreRefused(String theirs, String problem) {
        assertThatThrownBy(() -> new PasswordHash(theirs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "{noop}hunter2",
                "{MD5}hunter2",
                "{sha256}hunter2",
                "{}hunter2",
                "md5$hunter2",
                "sha1$salt$hunter2",
                "!hunter2",
                "$1$salt$hunter2",
                "$2b$hunter2",
                "$argon2id$hunter2",
                "$scrypt$hunter2",
                "scrypt:hunter2",
                "pbkdf2:hunter2",
                "{ldap}hunter2"
            })
    void whatIsNoSuchHashIsRefusedWithoutBeingRepeated(String theirs) {
        IllegalArgumentException refusal =
                catchThrowableOfType(IllegalArgumentException.class, () -> new PasswordHash(theirs));

        assertThat(refusal).hasMessageNotContaining("hunter2");
        assertThat(hashes.matches(new Secret("hunter2"), theirs)).isFalse();
    }

    @Test
    void aTextBeyondReasonIsRefused() {
        assertThatThrownBy(() -> new PasswordHash("pbkdf2_sha256$10000$" + "s".repeat(500) + "$AAAA"))
                .hasMessage("must be at most 512 characters");
    }

    @Test
    void aHashIsNotLogged() {
        String own = hashes.hash(PASSWORD);

        assertThat(new PasswordHash(own)).hasToString("***");
        assertThat(HashFormats.read(own).toString()).doesNotContain("19456");
        assertThat(HashFormats.read("$2b$06$3tvvmsU3ePazSwhy36r4j.atxAvw3G33WSV50uIq9S386hixXpxRi"))
                .hasToString("***");
    }
}

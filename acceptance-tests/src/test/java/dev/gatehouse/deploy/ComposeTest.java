package dev.gatehouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeTest {
    private static final String FILE = Checkout.text("docker-compose.yml");

    private static List<String> problems(String file) {
        return Compose.problems(Yaml.documents(file).getFirst());
    }

    @Test
    void nothingIsWrongWithTheComposeFile() {
        assertThat(problems(FILE)).isEmpty();
    }

    /** Each line breaks the file in one place, and that must be noticed. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            '127.0.0.1:9000:9000'       | '9000:9000'                     | publishes
            '127.0.0.1:9000:9000'       | '0.0.0.0:9000:9000'             | publishes
            'networks: [stores]'        | 'networks: [stores]\n    ports: ["127.0.0.1:6379:6379"]' | publishes
            'networks: [stores]'        | 'networks: [public]'            | leads outside
            'networks: [public]'        | 'networks: [public, stores]'    | reaches the stores
            'networks: [public]'        | 'network_mode: host'            | shares network_mode
            'internal: true'            | 'internal: false'               | leads outside
            'redis:8.2'                 | 'redis:latest'                  | has an image without a version
            'redis:8.2'                 | 'redis'                         | has an image without a version
            'user: "999:999"'           | 'user: "0:0"'                   | runs as root
            'read_only: true'           | 'read_only: false'              | can write
            'cap_drop: [ALL]'           | 'cap_drop: [NET_RAW]'           | keeps capabilities
            'pids_limit: 512'           | 'privileged: true'              | is privileged
            'pids_limit: 512'           | 'init: true'                    | has no limits
            'no-new-privileges:true'    | 'no-new-privileges:false'       | can gain privileges
            'condition: service_healthy' | 'condition: service_started'   | does not wait for the health
            'test: ["CMD", "healthy"]'  | 'test: ["NONE"]'                | has no health check
            './deploy/redis.conf'       | '/var/run/docker.sock'          | mounts more
            'POSTGRES_PASSWORD_FILE: /run/secrets/postgres-superuser-password' | 'POSTGRES_PASSWORD: word' | carries a secret
            'GATEHOUSE_KEYS_MASTERKEYFILE: /run/keys/master.key' | 'GATEHOUSE_KEYS_MASTERKEY: AAAA' | carries a secret
            'jdbc:postgresql://postgres:5432/gatehouse' | 'jdbc:postgresql://postgres/gatehouse?user=me&password=word' | carries a secret
            '"/usr/local/etc/redis.conf"'   | '"--requirepass", "word"'       | carries a secret
            'file: ./secrets/master.key' | 'file: ./deploy/master.key'    | git ignores
            'file: ./secrets/master.key' | 'environment: MASTER_KEY'      | git ignores
            'source: master-key'        | 'source: other-key'             | which is not declared
            'source: master-key'        | 'source: redis-password'        | is used by nobody
            'redis-data:/data'          | 'other-data:/data'              | unknown volume
            """)
    void everyBreachIsNoticed(String good, String bad, String problem) {
        String broken = FILE.replace(good, bad.replace("\\n", "\n"));
        assertThat(broken).isNotEqualTo(FILE);
        assertThat(problems(broken)).anySatisfy(said -> assertThat(said).contains(problem));
    }

    @Test
    void redisLosesNothingAndAsksWhoIsThere() {
        assertThat(Checkout.text("deploy/redis.conf").lines().filter(line -> !line.startsWith("#")))
                .contains(
                        "appendonly yes",
                        "appendfsync everysec",
                        "maxmemory-policy noeviction",
                        "aclfile /run/secrets/redis.acl")
                .noneMatch(line -> line.startsWith("requirepass") || line.startsWith("user "));
    }

    @Test
    void secretsStayOutOfGitAndOutOfTheImage() {
        assertThat(Checkout.text(".gitignore").lines()).contains("/secrets/");
        assertThat(Checkout.text(".dockerignore").lines()).contains("secrets", ".git");
    }
}

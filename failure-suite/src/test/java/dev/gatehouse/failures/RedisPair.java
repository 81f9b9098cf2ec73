package dev.gatehouse.failures;

import dev.gatehouse.demo.LocalRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;

/** A master, a replica that follows it without anybody waiting for it, and the link by which issuers reach the master. */
final class RedisPair implements AutoCloseable {
    private LocalRedis master = LocalRedis.startTemporary();

    private LocalRedis replica = LocalRedis.startTemporary();

    private final FaultyLink link = new FaultyLink(List.of(master.port()));

    RedisPair() {
        follow();
    }

    String url() {
        return "redis://127.0.0.1:" + link.port();
    }

    private void follow() {
        run(replica, redis -> redis.replicaof("127.0.0.1", master.port()));
    }

    private static void run(LocalRedis server, Consumer<RedisCommands<String, String>> commands) {
        try (RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
                var connection = client.connect()) {
            commands.accept(connection.sync());
        }
    }

    void killMaster() {
        master.kill();
    }

    /** Starts the master again on the data that it has saved. */
    void restartMaster() {
        try {
            master.restart();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a server without persistence does when it is started anew. */
    void wipeMaster() {
        run(master, RedisCommands::flushall);
    }

    void pauseMaster() {
        Signals.send("STOP", master.pid());
    }

    void resumeMaster() {
        Signals.send("CONT", master.pid());
    }

    void restartEmptyMaster() {
        restartMaster();
        wipeMaster();
    }

    /** From now on the replica misses what is written. */
    void holdReplica() {
        Signals.send("STOP", replica.pid());
    }

    /** The master dies, the replica takes over with what it has, and the dead one comes back as its replica. */
    void failOver() {
        master.kill();
        Signals.send("CONT", replica.pid());
        run(replica, RedisCommands::replicaofNoOne);
        LocalRedis dead = master;
        master = replica;
        replica = dead;
        link.pointTo(List.of(master.port()));
        try {
            replica.restart();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        follow();
    }

    FaultyLink link() {
        return link;
    }

    @Override
    public void close() {
        link.close();
        master.kill();
        replica.kill();
    }
}

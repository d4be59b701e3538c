package dev.gatewright.limit.count;

import dev.gatewright.secret.Secret;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection to Redis, which runs scripts and waits for nothing: what is not connected fails
/// at once. Thread-safe.
public final class RedisLink implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration RECONNECT = Duration.ofMillis(500);
  private static final int THREADS = 2;

  /// Commands that may wait for their answer, so that a Redis that stands still costs no memory.
  private static final int COMMANDS_MAX = 4_096;

  private final ClientResources resources;
  private final RedisClient client;
  private final RedisURI address;
  private @Nullable CompletableFuture<StatefulRedisConnection<String, String>> connection;

  /// @param url `redis://` or `rediss://`, with user and password where there are some
  public RedisLink(Secret url) {
    address = RedisURI.create(url.expose());
    address.setTimeout(CONNECT);
    resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .reconnectDelay(Delay.constant(RECONNECT))
            .build();
    client = RedisClient.create(resources);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(COMMANDS_MAX)
            .socketOptions(SocketOptions.builder().connectTimeout(CONNECT).build())
            .build());
  }

  private synchronized CompletableFuture<StatefulRedisConnection<String, String>> connected() {
    CompletableFuture<StatefulRedisConnection<String, String>> now = connection;
    if (now == null || now.isCompletedExceptionally()) {
      now = client.connectAsync(StringCodec.UTF8, address).toCompletableFuture();
      connection = now;
    }
    return now;
  }

  /// Runs a script; sent with its text where Redis does not know it yet.
  CompletableFuture<List<Object>> run(String script, List<String> keys, List<String> args) {
    CompletableFuture<StatefulRedisConnection<String, String>> to = connected();
    StatefulRedisConnection<String, String> open =
        to.isDone() && !to.isCompletedExceptionally() ? to.getNow(null) : null;
    if (open == null || !open.isOpen()) {
      return CompletableFuture.failedFuture(new IllegalStateException("Redis is not connected"));
    }
    String[] k = keys.toArray(String[]::new);
    String[] a = args.toArray(String[]::new);
    CompletionStage<List<Object>> known =
        open.async().evalsha(open.async().digest(script), ScriptOutputType.MULTI, k, a);
    return known
        .exceptionallyCompose(failed -> {
          Throwable cause =
              failed instanceof CompletionException && failed.getCause() != null
                  ? failed.getCause()
                  : failed;
          return cause instanceof RedisNoScriptException
              ? open.async().eval(script, ScriptOutputType.MULTI, k, a)
              : CompletableFuture.failedStage(cause);
        })
        .toCompletableFuture();
  }

  @Override
  public void close() {
    client.shutdown(0, 1, TimeUnit.SECONDS);
    resources.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
